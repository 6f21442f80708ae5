import type { Locator, Page } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import type { LinkAbout, LinkView } from '../../src/shared/linkView.ts';
import { type MonoMs, monoMs, wallMs } from '../../src/shared/units.ts';
import { type FakeSpec, HOSTILE_LINKS, TEN_LINKS } from './fakeLinks.ts';
import { axeOf, focused, goTo, type OpenPage, openPage, until } from './harness/openPage.ts';

let open: OpenPage;
afterEach(async () => {
  await open.close();
  expect(open.complaints).toEqual([]);
});

const [TOKYO] = TEN_LINKS as readonly [FakeSpec];
const tokyo = (change: Partial<FakeSpec> = {}): readonly FakeSpec[] => [{ ...TOKYO, ...change }];
const at = (tab: string): string => `#/link/demo-tokyo?tab=${tab}`;
const lowerEdge = async (place: Locator): Promise<number> => {
  const { y, height } = (await place.boundingBox()) ?? { y: Number.NaN, height: 0 };
  return y + height;
};
const region = (name: string) => open.page.getByRole('region', { name, exact: true });
const press = async (...keys: string[]): Promise<void> => {
  for (const key of keys) await open.page.keyboard.press(key);
};

async function clipboard(page: Page): Promise<string> {
  return page.evaluate(() => navigator.clipboard.readText());
}

/** Boxes whose text is wider than they are. */
function cut(page: Page, selector: string): Promise<(string | null)[]> {
  return page
    .locator(selector)
    .evaluateAll((all) => all.filter((box) => box.scrollWidth > box.clientWidth + 1).map((box) => box.textContent));
}

describe('the parts of the page', () => {
  it('[D2] are moved between by arrow keys, stand in the address, and keep their place when their number changes', async () => {
    open = await openPage({ hash: '#/link/demo-tokyo' });
    const { page, app } = open;
    await page.getByRole('tab', { name: 'Now' }).focus();
    await press('ArrowRight');
    await region('Incidents').waitFor();
    expect(page.url()).toContain('tab=incidents');
    const lefts = () => page.getByRole('tab').evaluateAll((all) => all.map((tab) => tab.getBoundingClientRect().left));
    const before = await lefts();
    app.incidents.put({ id: 'new' }, app.now());
    await page.getByRole('tab', { name: /1 open/ }).waitFor();
    expect(await lefts()).toEqual(before);
    await press('ArrowRight');
    await region('Control exchanges').waitFor();
    await press('ArrowRight');
    await region('Connect phases').waitFor();
    await press('Home');
    await page.getByTestId('rtt-histogram').waitFor();
    expect(await focused(page)).toBe('Now');
    expect(page.url()).not.toContain('tab=');
  });

  it('[D2] have one width, so that no button moves when another part needs no scroll bar', async () => {
    open = await openPage({ hash: '#/link/demo-tokyo', size: { width: 1280, height: 1000 } });
    const { page } = open;
    const rights = new Map<string, number>();
    const bars = new Map<string, boolean>();
    for (const tab of ['now', 'incidents', 'control', 'connection', 'settings']) {
      await goTo(page, at(tab));
      await page.getByRole('tabpanel').locator('section').first().waitFor();
      const box = await page.getByRole('button', { name: 'Open breaker of demo-tokyo' }).boundingBox();
      rights.set(tab, (box?.x ?? 0) + (box?.width ?? 0));
      bars.set(tab, await page.locator('main').evaluate((main) => main.scrollHeight > main.clientHeight));
    }
    expect([...new Set(bars.values())].toSorted()).toEqual([false, true]);
    expect([...new Set(rights.values())]).toHaveLength(1);
  });

  it('[S2] the tab of incidents is red only where a link was unhealthy, not where it is merely degraded', async () => {
    open = await openPage({ hash: '#/link/demo-tokyo' });
    const { page, app } = open;
    const tab = page.getByRole('tab', { name: /1 open/ });
    app.incidents.put({ id: 'new', worst: 'degraded' }, app.now());
    await tab.locator('.mark-warn').waitFor();
    app.incidents.put({ id: 'new', worst: 'unhealthy' }, app.now());
    await tab.locator('.mark-bad').waitFor();
  });

  it.each(['dark', 'light'] as const)(
    '[D2] have nothing that axe complains of when %s, and none is wider than the window',
    async (theme) => {
      open = await openPage({ theme });
      const { page, app } = open;
      app.incidents.put({ id: 'new', worst: 'unhealthy' }, app.now(), 5_000);
      for (const tab of ['now', 'incidents', 'control', 'connection', 'settings']) {
        await goTo(page, at(tab));
        await page.getByRole('tabpanel').locator('section').first().waitFor();
        if (tab === 'incidents') await page.locator('.incident-head').first().click();
        if (tab === 'control') await page.locator('.control button').first().click();
        expect({ tab, axe: await axeOf(page) }).toEqual({ tab, axe: [] });
        const over = await page.locator('main').evaluate((main) => main.scrollWidth - main.clientWidth);
        expect({ tab, over }).toEqual({ tab, over: 0 });
      }
    },
  );
});

describe('control exchanges', () => {
  it('[L2] stand newest first with direction, kind, carrier, round trip and text', async () => {
    open = await openPage({ hash: at('control') });
    const rows = open.page.locator('.control-row');
    await until(async () => expect(await rows.count()).toBe(22));
    const texts = (await rows.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' ').replace(/^\S+ /, ''));
    expect(texts[0]).toBe('2 ← received pong JSON 90,000.000 late, across a local stall {"op":"pong","id":10}');
    expect(texts[1]).toBe('2 ← received pong JSON answers none of ours {"op":"pong","id":99}');
    expect(texts[2]).toBe('2 → sent pong protocol a\\x00b\\nÿ');
    expect(texts[4]).toBe('2 ← received heartbeat JSON × 41 {"op":"heartbeat"}');
    expect(texts[5]).toBe('2 ← received pong JSON 4.710 {"op":"pong","id":9}');
    expect(texts.at(-2)).toBe('2 → sent login JSON {"op":"login","key":"{secret:DEMO_KEY}"}');
    expect(texts.at(-1)).toBe('1 ← received close protocol 1012 "service restart": the service restarts');
    expect(await cut(open.page, '.control td:not(.wire)')).toEqual([]);
  });

  it('[L2] are filtered by direction and kind, and held still without losing what comes meanwhile', async () => {
    open = await openPage({ hash: at('control') });
    const { page, app } = open;
    const rows = page.locator('.control-row');
    const panel = region('Control exchanges');
    await panel.getByRole('button', { name: '→ Sent' }).click();
    await until(async () => expect(await rows.count()).toBe(9));
    await panel.getByLabel('Kind').selectOption('login');
    expect(await rows.count()).toBe(1);
    await panel.getByLabel('Kind').selectOption('farewell');
    await panel.getByText('No row matches.').waitFor();
    await panel.getByLabel('Kind').selectOption('all');
    await panel.getByRole('button', { name: 'Both' }).click();
    const widths = () =>
      panel.locator('.panel-head button').evaluateAll((all) => all.map((one) => one.getBoundingClientRect().left));
    const before = await widths();
    await panel.getByRole('button', { name: 'Hold' }).click();
    for (let i = 0; i < 3; i += 1) app.control.add('demo-tokyo', { bytes: `ping ${i}` });
    await panel.getByRole('button', { name: 'Held, 3 new' }).waitFor();
    expect(await widths()).toEqual(before);
    expect(await rows.count()).toBe(22);
    await panel.getByRole('button', { name: 'Held, 3 new' }).click();
    await until(async () => expect(await rows.count()).toBe(25));
    expect(await rows.first().innerText()).toContain('ping 2');
  });

  it('[L2] scroll alone, whatever bar is over the page', async () => {
    open = await openPage({ hash: at('control') });
    const { page, app } = open;
    for (let i = 0; i < 60; i += 1) app.control.add('demo-tokyo', { bytes: `ping ${i}` });
    await until(async () => expect(await page.locator('.control-row').count()).toBeGreaterThan(60));
    const beyond = (box: string) => page.locator(box).evaluate((one) => one.scrollHeight - one.clientHeight);
    const high = async (): Promise<number> => (await page.locator('.control-box').boundingBox())?.height ?? 0;
    const before = await high();
    expect(before).toBeGreaterThan(500);
    open.cut(true);
    await page.locator('.bar').waitFor();
    expect([await beyond('main'), (await beyond('.control-box')) > 0]).toEqual([0, true]);
    expect(await high()).toBeLessThan(before);
  });

  it('[L2] are held over a look at another tab, and count as new what comes after a restart of the host', async () => {
    open = await openPage({ hash: at('control') });
    const { page, app } = open;
    const panel = region('Control exchanges');
    const rows = page.locator('.control-row');
    await until(async () => expect(await rows.count()).toBe(22));
    const [newest] = await rows.allInnerTexts();
    await panel.getByRole('button', { name: 'Hold' }).click();
    await page.getByRole('tab', { name: 'Connection' }).click();
    await region('Breaker').waitFor();
    app.control.add('demo-tokyo', { bytes: 'meanwhile' });
    await page.getByRole('tab', { name: 'Control exchanges' }).click();
    await panel.getByRole('button', { name: 'Held, 1 new' }).waitFor();
    expect((await rows.allInnerTexts())[0]).toBe(newest);
    app.control.restart('demo-tokyo');
    await panel.getByRole('button', { name: 'Held, 22 new' }).waitFor();
    await panel.getByRole('button', { name: 'Held, 22 new' }).click();
    await panel.getByRole('button', { name: 'Hold' }).waitFor();
  });

  it('[L2] show their bytes by keyboard, which keeps its row while new ones come', async () => {
    open = await openPage({ hash: at('control') });
    const { page, app } = open;
    await page.locator('.control-row button').first().focus();
    await press('ArrowDown', 'Enter');
    expect(await page.locator('.bytes').innerText()).toBe(
      '0000  7b 22 6f 70 22 3a 22 70 6f 6e 67 22 2c 22 69 64  {"op":"pong","id\n0010  22 3a 39 39 7d                                   ":99}',
    );
    const row = await focused(page);
    app.control.add('demo-tokyo', { bytes: 'later' });
    await page.locator('.control-row', { hasText: 'later' }).waitFor();
    expect(await focused(page)).toBe(row);
    await press('Enter');
    await page.locator('.bytes').waitFor({ state: 'detached' });
    await press('End');
    expect(await page.locator('.control-row:has(:focus)').innerText()).toContain('1012');
  });

  it('[L2] are copied as CSV and as text, just those that are shown, and the button says so in its place', async () => {
    open = await openPage({ hash: at('control') });
    const { page } = open;
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    const panel = region('Control exchanges');
    await panel.getByLabel('Kind').selectOption('ack');
    const csv = panel.getByRole('button', { name: 'Copy the rows as CSV' });
    const width = (await csv.boundingBox())?.width;
    await csv.click();
    await csv.getByText('Copied').waitFor();
    expect((await csv.boundingBox())?.width).toBe(width);
    expect(await lowerEdge(csv.getByText('Copied'))).toBeLessThanOrEqual(await lowerEdge(csv));
    expect(await clipboard(page)).toMatch(
      /^time,socket,[^\n]*\r\n[^\n]*,2,received,ack,JSON,,,1,26,"{""op""[^\n]*\r\n$/,
    );
    await panel.getByRole('button', { name: 'Copy the rows as text' }).click();
    await until(async () =>
      expect(await clipboard(page)).toMatch(/^\S+ #2 ← received ack: {"op":"subscribed","id":2}\n$/),
    );
  });
});

describe('incidents', () => {
  it('[S2] [H6] stand open ones first, each with cause, certainty, blame and length, and open by keyboard to their evidence', async () => {
    open = await openPage({ hash: at('incidents') });
    const { page, app } = open;
    await until(async () => expect(await page.locator('.incident').count()).toBe(2));
    app.incidents.put(
      {
        id: 'new',
        verdicts: [],
        worst: 'unhealthy',
        down: { ms: 0, since: monoMs(app.now() - 65_000) },
        gateClosed: { ms: 0, since: monoMs(app.now() - 65_000) },
      },
      app.now(),
      65_000,
    );
    await until(async () => expect(await page.locator('.incident').count()).toBe(3));
    const heads = page.locator('.incident-head');
    expect(await heads.first().innerText()).toMatch(
      /no trading 1 m \d\d s[\s\S]*no verdict yet[\s\S]*the connection was cut[\s\S]*not over/,
    );
    expect((await heads.nth(1).innerText()).replaceAll(/\s+/g, ' ')).toMatch(
      /no trading 1 m 02 s half-open – likely, by the path to the venue 3 pings in a row unanswered.* connected on attempt 4/,
    );
    const length = () => heads.first().locator('.num').innerText();
    const before = await length();
    await until(async () => expect(await length()).not.toBe(before));
    await heads.nth(1).focus();
    await press('Enter');
    const body = page.locator('.incident-body');
    expect((await body.innerText()).replaceAll(/\s+/g, ' ')).toMatch(
      /Not healthy for 39 s Without an open socket 37 s Trading gate closed 1 m 02 s Worst health unhealthy Sockets #2 to #5 Relapses 1 .*writes still succeeded/,
    );
    const entry = await page.locator('.incident', { has: body }).innerText();
    expect(entry.match(/3 pings in a row unanswered/g)).toHaveLength(1);
    app.incidents.put({ id: 'new', closedAt: wallMs(Date.now()) }, app.now(), 70_000);
    await page.getByRole('tab', { name: 'Incidents 3' }).waitFor();
    expect(await body.count()).toBe(1);
    await press('Enter');
    await body.waitFor({ state: 'detached' });
  });

  it('[S2] are copied as CSV and JSON, one or all', async () => {
    open = await openPage({ hash: at('incidents') });
    const { page } = open;
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy all incidents as CSV' }).click();
    await until(async () => expect((await clipboard(page)).split('\r\n').length).toBe(4));
    await page.locator('.incident-head').first().click();
    await page.getByRole('button', { name: 'Copy this incident as JSON' }).click();
    await until(async () =>
      expect(JSON.parse(await clipboard(page))).toMatchObject([{ link: 'demo-tokyo', downMs: 37_400 }]),
    );
  });

  it('[S2] of a link that was never healthy is said that incidents are counted from when it is', async () => {
    open = await openPage({ links: tokyo({ name: 'down', state: 'connecting' }), hash: '#/link/down?tab=incidents' });
    await region('Incidents').getByText('None: it has not been healthy yet').waitFor();
  });

  it('[S2] of a link that was always healthy are said to be none', async () => {
    open = await openPage({ hash: '#/link/demo-frankfurt?tab=incidents' });
    await region('Incidents').getByText('None: since it was healthy for the first time').waitFor();
    expect(
      await open.page.getByRole('button', { name: 'Copy all incidents as CSV' }).getAttribute('aria-disabled'),
    ).toBe('true');
  });
});

describe('the connection', () => {
  const sockets = (now: MonoMs): Partial<LinkAbout> => ({
    standby: 'ready',
    sockets: [
      { generation: 7, role: 'in use', url: 'demo://tokyo', openedAt: monoMs(now - 65_000) },
      { generation: 6, role: 'retiring', url: 'demo://tokyo', openedAt: monoMs(now - 7_200_000) },
      { generation: 8, role: 'standby', url: 'demo://tokyo', openedAt: null },
    ],
    routes: [
      { url: 'demo://tokyo', p50Ms: 30, inUse: true, alive: true },
      { url: 'demo://osaka', p50Ms: 15, inUse: false, alive: true },
    ],
    routing: {
      betterMs: 10,
      betterPercent: 20,
      betterForMs: 60_000,
      dwellMs: 300_000,
      candidate: { url: 'demo://osaka', since: monoMs(now - 1_000) },
      switchedAt: null,
    },
    rotation: { dueAt: monoMs(now + 3_599_000), proof: { at: monoMs(now - 65_000), missed: 0, duplicates: 41 } },
  });

  it('[L12] [L13] [L19] shows each socket with its role and age, the next rotation, the last proof, and when an address is switched', async () => {
    open = await openPage({ links: tokyo({ about: sockets }), hash: at('connection') });
    const flat = async (name: string): Promise<string> => (await region(name).innerText()).replaceAll(/\s+/g, ' ');
    expect(await flat('Sockets')).toMatch(
      /standby ready # Role Address Age 7 in use demo:\/\/tokyo 1 m 0\d s 6 retiring demo:\/\/tokyo 2 h 00 m 8 standby demo:\/\/tokyo dialling/,
    );
    expect(await flat('Rotation')).toMatch(
      /Next, before the venue’s cut 59 m \d\d s Last proof 0 missed, 41 duplicates dropped Proved 1 m 0\d s/,
    );
    expect(await flat('Addresses')).toMatch(
      /demo:\/\/tokyo in use 30.000 demo:\/\/osaka reachable 15.000 .*15.000 ms \(50.0 %\) faster; the switch is due in (59|1 m 00) s/,
    );
  });

  it('[L19] a socket that is being dialled is neither in use nor good', async () => {
    const dialling = (): Partial<LinkAbout> => ({
      sockets: [{ generation: 9, role: 'in use', url: 'demo://tokyo', openedAt: null }],
    });
    open = await openPage({ links: tokyo({ about: dialling, state: 'connecting' }), hash: at('connection') });
    const row = region('Sockets').locator('tbody tr');
    expect((await row.innerText()).replaceAll(/\s+/g, ' ')).toBe('9 to be used demo://tokyo dialling');
    expect(await row.locator('.mark-idle').count()).toBe(1);
  });

  it('[L14] draws what each part of a dial took, one after the other, and gives the same as numbers', async () => {
    open = await openPage({ links: tokyo(), hash: at('connection') });
    const { page } = open;
    const panel = region('Connect phases');
    await panel.waitFor();
    const bars = await panel.locator('.phase-bar').evaluateAll((all) =>
      all.map((bar) => {
        const { left, right } = bar.getBoundingClientRect();
        return { left, right };
      }),
    );
    expect(bars.length).toBe(6);
    for (const [i, bar] of bars.entries()) {
      expect(bar.right).toBeGreaterThan(bar.left);
      if (i > 0) expect(Math.abs(bar.left - (bars[i - 1]?.right ?? 0))).toBeLessThan(1.5);
    }
    expect((await panel.innerText()).replaceAll(/\s+/g, ' ')).toMatch(
      /token – DNS 1.210 TCP 4.200 TLS 8.820 .* first data 1.680/,
    );
    await panel.getByRole('button', { name: '#2' }).click();
    await panel.getByText(/failed at TLS after 5,000.000 ms: no connection within 5.0 s/).waitFor();
    expect((await panel.innerText()).replaceAll(/\s+/g, ' ')).toContain('TCP 4.200 TLS failed upgrade –');
    expect(await panel.locator('.phase-bar.failed').count()).toBe(1);
    await panel.getByRole('button', { name: 'Table' }).click();
    expect((await panel.locator('tbody tr').nth(3).innerText()).replaceAll(/\s+/g, ' ')).toBe('TLS 8.820 failed 8.820');
    expect((await panel.locator('tbody tr').last().innerText()).replaceAll(/\s+/g, ' ')).toBe(
      'in all 25.570 failed 5,000.000 25.570',
    );
    await axeOf(page).then((found) => expect(found).toEqual([]));
  });

  it('[L5] [L9] [L15] shows of each subscription its ack and since when, the age of its data, marked from the notice on, and what its numbers show', async () => {
    const view = (now: MonoMs): Partial<LinkView> => ({
      subscriptions: [
        {
          name: 'book:BTC-USD',
          status: 'acked',
          since: monoMs(now - 61_000),
          dataAt: monoMs(now - 1_000),
          told: true,
          retried: true,
          againAt: null,
          sequence: { gaps: 1, missing: 3, duplicates: 5, reordered: 2, resets: 0 },
        },
        {
          name: 'ticker:BTC-USD',
          status: 'refused',
          since: monoMs(now - 5_000),
          dataAt: null,
          told: true,
          retried: true,
          againAt: monoMs(now + 240_000),
          sequence: null,
        },
        {
          name: 'trades:BTC-USD',
          status: 'acked',
          since: monoMs(now - 5_000),
          dataAt: null,
          told: false,
          retried: false,
          againAt: null,
          sequence: null,
        },
        {
          name: 'ticker:ETH-USD',
          status: 'acked',
          since: monoMs(now - 500_000),
          dataAt: monoMs(now - 100_000),
          told: true,
          retried: false,
          againAt: null,
          sequence: null,
        },
      ],
    });
    open = await openPage({ links: tokyo({ view }), hash: at('connection') });
    await region('Subscriptions').waitFor();
    const rows = (await region('Subscriptions').locator('tbody tr').allInnerTexts()).map((row) =>
      row.replaceAll(/\s+/g, ' '),
    );
    expect(rows[0]).toMatch(/^book:BTC-USD acknowledged, retried 1 m 0\d s \d\.\d s 3 5 2 0$/);
    expect(rows[1]).toMatch(
      /^ticker:BTC-USD refused by the venue, retried, again in (4:00|3:5\d) \d\.\d s none – – – –$/,
    );
    expect(rows[2]).toMatch(/^trades:BTC-USD acknowledged \d\.\d s n\/a – – – –$/);
    const marks = region('Subscriptions').locator('tbody .mark');
    const looks = await marks.evaluateAll((all) => all.map((mark) => mark.getAttribute('class')));
    expect(looks).toEqual(['mark mark-warn', 'mark mark-bad', 'mark mark-good', 'mark mark-good']);
    expect(await region('Subscriptions').locator('td.old').allInnerTexts()).toEqual([
      expect.stringMatching(/^1 m 4\d s$/),
    ]);
  });

  it('[L8] says of the breaker whether it is open, by whom, until when, and how many failures open it', async () => {
    open = await openPage({ links: tokyo(), hash: at('connection') });
    const { app } = open;
    const text = async (): Promise<string> => (await region('Breaker').innerText()).replaceAll(/\s+/g, ' ');
    expect(await text()).toBe('Breaker State closed Next trial in – Failures in a row 0, opens at 3');
    const reason = { kind: 'cut', code: 'ECONNRESET' } as const;
    app.setState('demo-tokyo', (now) => ({ kind: 'blocked', attempt: 4, until: monoMs(now + 30_000), reason }));
    await until(async () =>
      expect(await text()).toMatch(/^Breaker State open Next trial in [123]\d s Failures in a row 4, opens at 3$/),
    );
    app.setState('demo-tokyo', () => ({ kind: 'blocked', attempt: 4, until: null, reason }));
    await until(async () => expect(await text()).toMatch(/State held open by you Next trial in –/));
    app.setState('demo-tokyo', (now) => ({ kind: 'connecting', attempt: 4, phase: 'tcp', since: now }));
    await until(async () => expect(await text()).toMatch(/State half-open: this is the trial/));
  });

  it('[L8] says of a paused link whose breaker is held open by whom it is, and lets it be closed', async () => {
    open = await openPage({ links: tokyo(), hash: at('connection') });
    const { page, app } = open;
    app.setState('demo-tokyo', () => ({ kind: 'paused', held: true }));
    await region('Breaker').getByText('held open by you').waitFor();
    expect(await region('Breaker').locator('.mark-good').count()).toBe(0);
    const close = page.getByRole('button', { name: 'Close breaker of demo-tokyo' });
    expect(await page.locator('.link-why').innerText()).toContain('both Resume and Close breaker');
    await close.click();
    await region('Breaker').getByText('held open by you').waitFor({ state: 'detached' });
    await page.locator('.link-why', { hasText: 'Paused; Resume dials it' }).waitFor();
  });

  it('[L5] follows the clocks of the link that is looked at, and of no other page’s', async () => {
    open = await openPage({ links: tokyo(), hash: '#/link/demo-tokyo' });
    const { page, app } = open;
    await page.getByRole('heading', { name: 'Last heard' }).waitFor();
    await until(() => expect(app.clockReaders).toBe(1));
    await page.evaluate(() => {
      location.hash = '#/';
    });
    await until(() => expect(app.clockReaders).toBe(0));
  });

  it('[L4] [L9] shows the promise of the watch and both budgets beside the clocks', async () => {
    const view = (): Partial<LinkView> => ({
      budget: { used: 4, limit: 5, windowMs: 1_050, shared: true },
      subscribeBudget: { used: 480, limit: 480, windowMs: 3_780_000, shared: false },
    });
    open = await openPage({ links: tokyo({ view }), hash: '#/link/demo-tokyo' });
    const { page } = open;
    const budget = region('Message budget');
    expect((await budget.innerText()).replaceAll(/\s+/g, ' ')).toBe(
      'Budget Messages 4 of 5 in 1.05 s by all links Subscribes 480 of 480 in 1 h 03 m',
    );
    expect(await budget.getByRole('meter', { name: 'Subscribes used' }).getAttribute('value')).toBe('480');
    expect((await region('Watch').innerText()).replaceAll(/\s+/g, ' ')).toMatch(
      /by silence, counted from its last byte Silence limit S 1.00 s Pong late after T 1.00 s Suspect within 1.00 s Dead within 3.00 s/,
    );
    expect(await cut(page, '.fact, .meter-line')).toEqual([]);
  });

  it('[L4] of a link that answers no ping it says after what silence it is compared, and promises no suspicion', async () => {
    open = await openPage({ links: tokyo({ about: () => ({ ping: 'none' }) }), hash: '#/link/demo-tokyo' });
    expect((await region('Watch').innerText()).replaceAll(/\s+/g, ' ')).toMatch(
      /by second connection, counted from its last byte Silence limit S 1.00 s .* Compared after 1.00 s Dead within n\/a/,
    );
    expect(await cut(open.page, '.fact')).toEqual([]);
  });
});

describe('bad input', () => {
  it('[H1] links of any name, and round trips of 0, 1 µs and 90 s, leave every part of the page whole', async () => {
    const figures = (ms: number) => ({
      count: 40,
      minMs: ms,
      avgMs: ms,
      maxMs: ms,
      p50Ms: ms,
      p95Ms: ms,
      p99Ms: ms,
      p999Ms: ms,
    });
    const rtts = [0, 0.001, 90_000];
    const links = HOSTILE_LINKS.map((spec, i) => ({
      ...spec,
      view: (): Partial<LinkView> => {
        const ms = rtts[i % 3] ?? 0;
        const windows = { '1m': figures(ms), '5m': figures(ms), '1h': figures(ms), start: figures(ms) };
        return { rtt: { lastMs: ms, windows, stalledSamples: 0 } };
      },
    }));
    open = await openPage({ links });
    const { page, app } = open;
    for (const [i, { name }] of links.entries()) {
      app.incidents.put({ id: `of-${i}`, link: name, what: `${name} was lost` }, app.now(), 3_000);
      for (const tab of ['now', 'incidents', 'control', 'connection', 'settings']) {
        await goTo(page, `#/link/${encodeURIComponent(name)}?tab=${tab}`);
        await page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
        await page.getByRole('tabpanel').locator('section').first().waitFor();
        const over = await page.locator('main').evaluate((main) => main.scrollWidth - main.clientWidth);
        expect({ name, tab, over }).toEqual({ name, tab, over: 0 });
        if (tab === 'now') {
          const wanted = ['0.000', '0.001', '90,000.000'][i % 3];
          expect(
            await page
              .getByRole('table', { name: 'Round trips by window' })
              .locator('tr', { hasText: 'p99.9' })
              .innerText(),
          ).toContain(wanted);
          expect(await cut(page, '[aria-label="Round trips by window"] td, .fact')).toEqual([]);
        }
        if (tab === 'incidents') expect(await page.locator('.incident').innerText()).toContain(`${name} was lost`);
      }
    }
    expect(await page.evaluate(() => document.querySelectorAll('script[src=""], main script').length)).toBe(0);
  });
});

it('[C1] a symbol among the settings in force is on one line, and only a limit of the venue is marked', async () => {
  open = await openPage({ hash: at('settings') });
  const { page } = open;
  const parts = page.locator('.effective li', { hasText: 'subscribe' }).locator('.part');
  await until(async () => expect(await parts.count()).toBe(4));
  const lines = await parts.evaluateAll((all) => all.map((one) => one.getClientRects()[0]?.height ?? 0));
  expect(Math.max(...lines)).toBeLessThan(20);
  expect(await parts.first().locator('..').innerText()).toBe(
    'ticker:BTC-USD, ticker:ETH-USD, ticker:SOL-USD, trades:BTC-USD',
  );
  const color = (text: string) =>
    page.locator('.effective .note', { hasText: text }).evaluate((one) => getComputedStyle(one).color);
  const warn = await page.locator('.source-limit-of-the-venue').evaluate((one) => getComputedStyle(one).color);
  expect([await color('held at 15 s'), (await color('Demo Tokyo')) === warn]).toEqual([warn, false]);
});

it('[D4] beside its tabs the page of a link has one line across, and its state is on one line', async () => {
  const BLOCKED = TEN_LINKS.find(({ state }) => state === 'blocked')?.name ?? '';
  open = await openPage({ hash: `#/link/${BLOCKED}` });
  const { page } = open;
  const word = page.locator('.link-state strong');
  await until(async () => expect(await word.innerText()).toBe('breaker open'));
  expect((await word.boundingBox())?.height).toBeLessThan(20);
  const [top, main] = [await page.locator('.link-top').boundingBox(), await page.locator('main').boundingBox()];
  // `link.css` draws the line of `main` there.
  expect((top?.y ?? 0) + (top?.height ?? 0) - (main?.y ?? 0)).toBe(95);
});
