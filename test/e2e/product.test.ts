import { readFileSync, writeFileSync } from 'node:fs';
import type { Locator, Page } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import { GymVenue } from '../gym/venue.ts';
import { until } from '../support/until.ts';
import { BOTH_HOSTS, type RunningHost, startHost } from './hosts.ts';

let host: RunningHost;
const venues: GymVenue[] = [];
afterEach(async () => {
  await host.stop();
  for (const venue of venues.splice(0)) await venue.close();
  expect(host.complaints).toEqual([]);
});

const row = (page: Page, link: string): Locator => page.getByRole('row', { name: link });

async function startOnTwoVenues(kind: (typeof BOTH_HOSTS)[number], extra = ''): Promise<readonly [GymVenue, GymVenue]> {
  const [one, two] = [await GymVenue.open(), await GymVenue.open()];
  venues.push(one, two);
  for (const venue of [one, two]) venue.onGuest = ({ ws }) => ws.send('tick');
  const link = (name: string, venue: GymVenue): string =>
    `[link.${name}]\nurl = "${venue.url}" # ${name}'s own comment\nping_interval_secs = 0.2\n\n`;
  host = await startHost(kind, { settings: `# kept\n${link('one', one)}${link('two', two)}${extra}` });
  await until(() => {
    expect([one.present.length, two.present.length]).toEqual([1, 1]);
  });
  return [one, two];
}

/** The machine under the whole suite is not what a gate is about. */
const PATIENT = '[connection]\nws_fit_p99_ms = 60000\nws_reconnect_above_p99_ms = 0\n';

/** A link's table as it stands in the text. */
const blockOf = (text: string, link: string): string =>
  new RegExp(`\\[link\\.${link}\\]\\n(?:.+\\n)*?.+(?=\\n\\n)`).exec(text)?.[0] ?? 'not there';

/** A link that is live is asked about first. */
async function pauseOne(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Pause one' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Pause', exact: true }).click();
}

const editor = (page: Page): Locator => page.getByLabel('Settings text');

/** Replaces the whole text in the editor, as a person does by select all and paste. */
async function retype(page: Page, text: string): Promise<void> {
  await editor(page).click();
  await page.keyboard.press('ControlOrMeta+a');
  await editor(page).evaluate((element, pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', pasted);
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}

describe.each(BOTH_HOSTS)('on %s', (kind) => {
  it('[D5] a first start shows the demo links live, and its p99 chart moves', async () => {
    host = await startHost(kind);
    const { page } = host;
    for (const link of ['demo-frankfurt', 'demo-tokyo', 'demo-chicago']) {
      await until(async () => expect(await row(page, link).innerText()).toContain('healthy'));
      expect(await row(page, link).innerText()).toContain('DEMO');
    }
    const chart = page.getByTestId('p99-chart');
    const drawn = async (): Promise<number> => Number(await chart.getAttribute('data-last-ms'));
    await until(async () => expect(await drawn()).toBeGreaterThan(0));
    const first = await drawn();
    await until(async () => expect(await drawn()).toBeGreaterThan(first + 1500));
    await until(async () =>
      expect(Number(await chart.getByTestId('curves').getAttribute('data-lines'))).toBeGreaterThanOrEqual(3),
    );
    expect(readFileSync(host.settingsFile, 'utf8')).toContain('[link.demo-tokyo]');
  });

  it('[D5] the wizard tries a venue and adds it: phases, ten pings, acks, data, and the link is up with the comments kept', async () => {
    host = await startHost(kind);
    const { page } = host;
    await page.getByRole('link', { name: 'Add your venue…' }).click();
    await page.getByLabel('Search venues').fill('tokyo');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByLabel(/^Symbols/).fill('BTC-USD ETH-USD');
    await page.getByRole('button', { name: /^Next/ }).click();
    const before = readFileSync(host.settingsFile, 'utf8');
    await page.getByRole('button', { name: 'Test connection' }).click();
    await until(async () => expect(await page.getByTestId('trial-result').innerText()).toContain('Works.'));
    for (const phase of ['tcp', 'upgrade', 'subscribe', 'data']) {
      expect(await page.locator(`[data-phase=${phase}]`).innerText()).toMatch(/^\d+\.\d\d$/);
    }
    const pings = await page.locator('[data-ping]').allInnerTexts();
    expect(pings).toHaveLength(10);
    expect(pings).not.toContain('–');
    expect(readFileSync(host.settingsFile, 'utf8')).toBe(before);
    await page.getByLabel(/^Name/).fill('tokyo-2');
    const block = page.getByTestId('toml-block');
    await until(async () => expect(await block.innerText()).toContain('[link.tokyo-2]'));
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('heading', { name: 'tokyo-2' }).waitFor();
    await until(async () => expect(await page.locator('.link-state').innerText()).toContain('up'));
    const after = readFileSync(host.settingsFile, 'utf8');
    expect(after.replace(`\n${blockOf(after, 'tokyo-2')}\n`, '')).toBe(before);
  });

  it('[D5] a venue that cannot be reached from here fails the test with the cause, and nothing is written', async () => {
    host = await startHost(kind);
    const { page } = host;
    await page.getByRole('link', { name: 'Add venue', exact: true }).click();
    await page.getByRole('radio', { name: /^Own address/ }).check();
    await page.getByRole('button', { name: /^Next/ }).click();
    await page.getByLabel(/^Address/).fill('wss://no-such-venue.invalid/ws');
    await page.keyboard.press('Enter');
    const before = readFileSync(host.settingsFile, 'utf8');
    await page.getByRole('button', { name: 'Test connection' }).click();
    const result = page.getByTestId('trial-result');
    await until(async () =>
      expect(await result.innerText()).toMatch(
        /Does not work: the name no-such-venue\.invalid does not resolve[\s\S]*name resolution \(possible, by the local network\)[\s\S]*What to do/,
      ),
    );
    expect(readFileSync(host.settingsFile, 'utf8')).toBe(before);
  });

  it('[L11] Reconnect brings a new socket before the old one closes, and the row counts it', async () => {
    const [one] = await startOnTwoVenues(kind);
    const old = one.newest;
    const codes: number[] = [];
    old.ws.on('close', (code) => codes.push(code));
    await host.page.getByRole('button', { name: 'Reconnect one' }).click();
    await until(() => expect(codes).toEqual([1000]));
    expect(one.newest.id).toBe(2);
    expect(one.present.length).toBe(1);
  });

  /** The link is paused before its file is written. */
  const pausedText = (): Promise<string> =>
    until(() => {
      const saved = readFileSync(host.settingsFile, 'utf8');
      expect(saved).toContain('enabled = false');
      return saved;
    });

  it('[L11] Pause closes the socket and writes the key with the comments kept; Resume dials again', async () => {
    const [one, two] = await startOnTwoVenues(kind);
    await pauseOne(host.page);
    await until(async () => expect(await row(host.page, 'one').innerText()).toContain('paused'));
    await until(() => expect(one.present.length).toBe(0));
    const text = await pausedText();
    expect(text).toMatch(/# kept[\s\S]*# one's own comment[\s\S]*# two's own comment/);
    await host.page.getByRole('button', { name: 'Resume one' }).click();
    await until(() => expect(one.present.length).toBe(1));
    expect(two.guests.length).toBe(1);
  });

  it('[D3] a settings edit changes one link and leaves the socket of the other untouched; Undo puts it back', async () => {
    const [one, two] = await startOnTwoVenues(kind);
    const three = await GymVenue.open();
    venues.push(three);
    const before = readFileSync(host.settingsFile, 'utf8');
    const { page } = host;
    await page.getByRole('link', { name: 'Settings' }).click();
    await retype(
      page,
      before.replace(one.url, three.url).replace(/(two's own comment\nping_interval_secs =) 0.2/, '$1 0.5'),
    );
    await until(async () =>
      expect(await page.getByRole('main').innerText()).toMatch(/one[\s\S]*re-?dial[\s\S]*two[\s\S]*live/i),
    );
    await page.getByRole('button', { name: 'Apply', exact: true }).click();
    await until(() => expect([one.present.length, two.present.length, three.present.length]).toEqual([0, 1, 1]));
    expect(two.guests.length).toBe(1);
    expect(readFileSync(host.settingsFile, 'utf8')).toContain(three.url);
    await page.getByRole('button', { name: /Undo/ }).click();
    const review = page.getByTestId('settings-preview');
    await until(async () =>
      expect(await review.innerText()).toMatch(/What Undo will do[\s\S]*one – re-dial[\s\S]*two – live/),
    );
    expect([one.present.length, three.present.length]).toEqual([0, 1]);
    await page.getByRole('button', { name: 'Undo now' }).click();
    await until(() => expect([one.present.length, two.present.length, three.present.length]).toEqual([1, 1, 0]));
    expect(two.guests.length).toBe(1);
    expect(readFileSync(host.settingsFile, 'utf8')).toBe(before);
    await until(async () => expect(await page.locator('.said').innerText()).toBe('Undone: one (re-dial), two (live)'));
  });

  it('[D3] an edit after which a link is worse is taken back by itself; loaded and kept, it stays', async () => {
    const [one, two] = await startOnTwoVenues(kind, '[app]\nrollback_after_secs = 6\n');
    const before = readFileSync(host.settingsFile, 'utf8');
    const { page } = host;
    await until(async () => expect(await row(page, 'one').innerText()).toContain('healthy'));
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('button', { name: 'one', exact: true }).click();
    await page.locator('.field[data-key="url"] input').fill('ws://127.0.0.1:9/');
    const apply = page.getByRole('button', { name: 'Apply', exact: true });
    const bar = page.getByTestId('probation');
    await apply.click();
    await until(() => expect(readFileSync(host.settingsFile, 'utf8')).toContain('127.0.0.1:9/'));
    await until(async () => expect(await bar.innerText()).toMatch(/Watching for \d s: 1 of 2 as good/));
    await until(async () => expect(await bar.innerText()).toContain('taken back: one was healthy and is degraded'));
    expect(readFileSync(host.settingsFile, 'utf8')).toBe(before);
    await until(() => expect([one.present.length, two.guests.length]).toEqual([1, 1]));
    await page.getByRole('button', { name: 'Load the edit again' }).click();
    await until(async () => expect(await apply.isEnabled()).toBe(true));
    await apply.click();
    await page.getByRole('button', { name: 'Stop watching', exact: true }).click();
    await until(async () => expect(await bar.innerText()).toContain('The edit stays'));
    expect(readFileSync(host.settingsFile, 'utf8')).toContain('127.0.0.1:9/');
    expect([one.present.length, two.guests.length]).toEqual([1, 1]);
  });

  it('[D3] Undo takes back edits, never a Pause or Resume, and says before what it does', async () => {
    const [one, two] = await startOnTwoVenues(kind);
    const { page } = host;
    const undo = page.getByRole('button', { name: /Undo last apply/ });
    const press = async (name: string, present: number): Promise<void> => {
      await page.getByRole('link', { name: 'Overview' }).click();
      if (name === 'Pause one') await pauseOne(page);
      else await page.getByRole('button', { name }).click();
      await until(() => expect(one.present.length).toBe(present));
      // The link is paused or resumed before its file is written.
      await until(() =>
        expect(readFileSync(host.settingsFile, 'utf8')).toContain(`enabled = ${String(present === 1)}`),
      );
      await page.getByRole('link', { name: 'Settings' }).click();
    };
    await page.getByRole('link', { name: 'Settings' }).click();
    await press('Pause one', 0);
    await press('Resume one', 1);
    expect(await undo.isDisabled()).toBe(true);

    const before = readFileSync(host.settingsFile, 'utf8');
    await retype(page, before.replace(/(two's own comment\nping_interval_secs =) 0.2/, '$1 0.5'));
    const apply = page.getByRole('button', { name: 'Apply', exact: true });
    await until(async () => expect(await apply.isEnabled()).toBe(true));
    await apply.click();
    await until(() => expect(readFileSync(host.settingsFile, 'utf8')).toContain('0.5'));
    await press('Pause one', 0);
    await undo.click();
    await until(async () =>
      expect(await page.getByRole('alert').innerText()).toContain(
        'Undo takes back the last edit of the text: two (live).',
      ),
    );
    await page.getByRole('button', { name: 'Undo now' }).click();
    await until(async () => expect(await page.locator('.said').innerText()).toBe('Undone: two (live)'));
    expect(readFileSync(host.settingsFile, 'utf8')).toBe(before.replace('enabled = true', 'enabled = false'));
    expect([one.present.length, one.guests.length, two.guests.length]).toEqual([0, 2, 1]);
    await until(async () => expect(await undo.isDisabled()).toBe(true));
  });

  it('[D3] a Pause while an edit is not applied yet is taken into the edit, and both are in the file after Apply', async () => {
    const [one] = await startOnTwoVenues(kind);
    const { page } = host;
    const before = readFileSync(host.settingsFile, 'utf8');
    const edit = (text: string): string => text.replace(/(two's own comment\nping_interval_secs =) 0.2/, '$1 0.5');
    await page.getByRole('link', { name: 'Settings' }).click();
    await retype(page, edit(before));
    await page.getByRole('link', { name: 'Overview' }).click();
    await pauseOne(page);
    await until(() => expect(one.present.length).toBe(0));
    await page.getByRole('link', { name: 'Settings' }).click();
    const review = page.getByTestId('settings-preview');
    await until(async () => expect(await review.innerText()).toMatch(/1 link untouched[\s\S]*two – live/));
    expect(await page.getByRole('button', { name: 'Keep mine' }).count()).toBe(0);
    const paused = await pausedText();
    await page.getByRole('button', { name: 'Apply', exact: true }).click();
    await until(() => expect(readFileSync(host.settingsFile, 'utf8')).toBe(edit(paused)));
    expect(one.guests.length).toBe(1);
  });

  it('[D3] a pause made while the file is broken holds when it is repaired, is saved, and the notice goes', async () => {
    const [one] = await startOnTwoVenues(kind);
    const { page } = host;
    const before = readFileSync(host.settingsFile, 'utf8');
    writeFileSync(host.settingsFile, 'oops [');
    await page.getByText('Your settings file is not in force: the last good settings run.').waitFor();
    await pauseOne(page);
    const notice = page.getByText('one is paused; not yet saved: the settings file has problems');
    await until(async () => expect(await notice.isVisible()).toBe(true));
    await until(() => expect(one.present.length).toBe(0));
    writeFileSync(host.settingsFile, before);
    await until(() => expect(readFileSync(host.settingsFile, 'utf8')).toContain('enabled = false'));
    await until(async () => expect(await notice.count()).toBe(0));
    expect(one.guests.length).toBe(1);
    expect(readFileSync(host.settingsFile, 'utf8').replace('enabled = false\n', '')).toBe(before);
  });

  it('[C2] a broken edit says where, cannot be applied, and changes nothing', async () => {
    const [one, two] = await startOnTwoVenues(kind);
    const before = readFileSync(host.settingsFile, 'utf8');
    const { page } = host;
    await page.getByRole('link', { name: 'Settings' }).click();
    await retype(page, before.replace('ping_interval_secs = 0.2', 'ping_intervall_secs = 0.2'));
    await until(async () => expect(await page.getByRole('main').innerText()).toMatch(/4:1[\s\S]*ping_interval_secs/));
    expect(await page.getByRole('button', { name: 'Apply', exact: true }).isDisabled()).toBe(true);
    expect(readFileSync(host.settingsFile, 'utf8')).toBe(before);
    expect([one.guests.length, two.guests.length]).toEqual([1, 1]);
  });

  it('[D3] an edit from outside is taken up at once, a broken one only shown', async () => {
    const [one, two] = await startOnTwoVenues(kind);
    const before = readFileSync(host.settingsFile, 'utf8');
    const { page } = host;
    await page.getByRole('link', { name: 'Settings' }).click();
    writeFileSync(host.settingsFile, `${before}\n[link.three]\nurl = "${two.url}"\n`);
    await until(() => expect(two.present.length).toBe(2));
    writeFileSync(host.settingsFile, 'oops [');
    await until(async () => expect(await page.getByRole('main').innerText()).toMatch(/last good/i));
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByText('Your settings file is not in force: the last good settings run.').waitFor();
    expect([one.guests.length, two.guests.length]).toEqual([1, 2]);
    expect(readFileSync(host.settingsFile, 'utf8')).toBe('oops [');
  });

  it('[L1] a venue that drops shows why in words on the link page, with a mark in the chart, and is back', async () => {
    const [one] = await startOnTwoVenues(kind);
    const { page } = host;
    await until(async () => expect(await row(page, 'one').innerText()).toContain('healthy'));
    await row(page, 'one').getByRole('link').click();
    one.newest.ws.close(4001, 'kicked by the test');
    await until(async () =>
      expect(await page.getByRole('main').innerText()).toMatch(/closed by the venue with 4001 "kicked by the test"/),
    );
    await until(() => expect(one.present.length).toBe(1));
  });

  it('[G1] a gate opens when its link has been fit for a while, and the breaker that closes it asks first', async () => {
    const [one] = await startOnTwoVenues(kind, `${PATIENT}[gate]\nreopen_after_secs = 0.5\n`);
    const { page } = host;
    await until(async () => expect(await row(page, 'one').locator('td.gate').innerText()).toBe('open'));
    await row(page, 'one').getByRole('link').click();
    const gate = page.getByTestId('gate');
    await until(async () => expect(await gate.innerText()).toMatch(/^trading gate open for/));
    await page.getByRole('button', { name: 'Open breaker of one' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click();
    expect(one.present.length).toBe(1);
    await page.getByRole('button', { name: 'Open breaker of one' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Open breaker' }).click();
    await until(async () => expect(await gate.innerText()).toMatch(/closed for [\s\S]*because: the breaker is open/));
    await until(() => expect(one.present.length).toBe(0));
    await page.getByRole('button', { name: 'Close breaker of one' }).click();
    await until(async () => expect(await gate.innerText()).toMatch(/^trading gate open for/));
  });

  it('[H2] a paused row shows no rate, no round trip and no percentile', async () => {
    await startOnTwoVenues(kind);
    const { page } = host;
    await until(async () => expect(await row(page, 'one').locator('td.num').first().innerText()).toMatch(/\d/));
    await pauseOne(page);
    await until(async () => expect(await row(page, 'one').innerText()).toContain('Paused'));
    expect(new Set(await row(page, 'one').locator('td.num').allInnerTexts())).toEqual(new Set(['–']));
  });

  it('[D6] each address of a demo exchange can be refused, and the link goes on at the other one', async () => {
    host = await startHost(kind, {
      settings: '[link.two-ways]\npreset = "demo_frankfurt"\nsubscribe = ["ticker:BTC-USD"]\n',
    });
    const { page } = host;
    await until(async () => expect(await row(page, 'two-ways').innerText()).toContain('up'));
    await row(page, 'two-ways').getByRole('link').click();
    const faults = page.getByRole('region', { name: /^Demo exchange/ });
    await until(async () => expect(await faults.count()).toBe(2));
    await faults.first().getByRole('button', { name: 'Refuse 10 s' }).click();
    await until(async () => expect(await faults.first().innerText()).toContain('refusing'));
    expect(await faults.last().innerText()).toContain('no fault');
    await until(async () =>
      expect(await page.locator('body').innerText()).toMatch(/· socket [2-9][\s\S]*up[\s\S]*restored/),
    );
    await until(async () => expect(await page.getByText(/frankfurt-b/).count()).toBeGreaterThan(0));
  });

  it('[P1] 3 leads to the pools, and Esc back to the row', async () => {
    await startOnTwoVenues(kind);
    const { page } = host;
    await row(page, 'two').focus();
    await page.keyboard.press('3');
    await page.getByRole('heading', { level: 1, name: /pools/i }).waitFor();
    await page.keyboard.press('Escape');
    await until(async () =>
      expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('two'),
    );
  });
});
