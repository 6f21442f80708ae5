import type { Locator } from 'playwright-core';
import { afterEach, expect, it } from 'vitest';
import type { TrialPing, TrialView } from '../../src/shared/trial.ts';
import { TEN_LINKS } from './fakeLinks.ts';
import type { FakeTrial } from './fakeVenues.ts';
import { axeOf, focused, goTo, type OpenPage, openPage, until } from './harness/openPage.ts';

let open: OpenPage;
afterEach(async () => {
  await open.close();
  expect(open.complaints).toEqual([]);
});

const next = (): Locator => open.page.getByRole('button', { name: /^Next/ });
const result = (): Locator => open.page.getByTestId('trial-result');
const block = (): Locator => open.page.getByTestId('toml-block');
const address = (): string => new URL(open.page.url()).hash;

/** The newest test that the page asked for. */
async function trial(count = 1): Promise<FakeTrial> {
  await until(() => expect(open.app.venues.trials.length).toBe(count));
  return open.app.venues.trials[count - 1] as FakeTrial;
}

async function chooseVenue(name: RegExp): Promise<void> {
  await open.page.getByRole('radio', { name }).check();
  await next().click();
  await open.page.getByRole('heading', { name: /Choose what to subscribe to/ }).waitFor();
}

async function toTest(): Promise<void> {
  await goTo(open.page, '#/add');
  await chooseVenue(/^Kraken/);
  await next().click();
  await block().getByText('[link.kraken-v2-2]').waitFor();
}

const rtt = (rttMs: number): TrialPing => ({ kind: 'answered', rttMs });
const TEN = [12.4, 11, 13, 12, 14, 15.5, 12, 11.5, 12.25, 13.75].map(rtt);

const WORKED: Partial<TrialView> & Pick<TrialView, 'stage'> = {
  stage: {
    kind: 'over',
    result: { kind: 'works', rtt: { p50Ms: 12.2, minMs: 11, maxMs: 15.5, samples: 10 }, firstDataMs: 312 },
  },
  elapsedMs: 9_600,
  address: '203.0.113.7:443',
  phases: [
    { phase: 'resolving', ms: 4.2 },
    { phase: 'tcp', ms: 11.04 },
    { phase: 'tls', ms: 24.5 },
    { phase: 'upgrade', ms: 12 },
    { phase: 'subscribe', ms: 14.25 },
    { phase: 'data', ms: 90 },
  ],
  pings: TEN,
  subscriptions: [{ name: 'ticker:BTC/USD', status: 'acked', dataAgeMs: 100, isTold: true }],
  firstDataMs: 312,
};

it('[D5] from the first line to the last by keyboard alone: venue, symbols, test, add', async () => {
  open = await openPage({ hash: '#/add' });
  const { page, app } = open;
  await page.getByLabel('Search venues').waitFor();
  expect(await focused(page)).toContain('Add venue');
  await page.getByLabel('Search venues').focus();
  await page.keyboard.type('kraken');
  await page.keyboard.press('ArrowDown');
  await page.getByRole('region', { name: 'Facts' }).getByText('wss://ws.kraken.com/v2').waitFor();
  expect(await page.evaluate(() => document.activeElement?.getAttribute('type'))).toBe('radio');
  await page.keyboard.press('Enter');
  await page.getByLabel(/^Symbols/).waitFor();
  expect(await focused(page)).toContain('Choose what to subscribe to');
  await page.getByRole('checkbox', { name: 'trade' }).focus();
  await page.keyboard.press('Space');
  await page.getByLabel(/^Symbols/).focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('BTC/USD, ETH/USD');
  const names = page.getByRole('region', { name: 'Subscriptions' });
  expect(await names.innerText()).toMatch(/^4 subscriptions[\s\S]*ticker:ETH\/USD[\s\S]*trade:BTC\/USD/);
  await page.getByLabel(/^Address/).focus();
  await page.keyboard.press('Enter');
  const test = page.getByRole('button', { name: 'Test connection' });
  await test.focus();
  await page.keyboard.press('Enter');
  const running = await trial();
  expect(running.input).toEqual({
    preset: 'kraken_v2',
    url: null,
    subscribe: ['ticker:BTC/USD', 'ticker:ETH/USD', 'trade:BTC/USD', 'trade:ETH/USD'],
    subscribeRaw: [],
  });
  running.tell(WORKED);
  await result().getByText('Works.').waitFor();
  expect(await focused(page)).toBe('Test again');
  const add = page.getByRole('button', { name: 'Add', exact: true });
  await until(async () => expect(await add.getAttribute('aria-disabled')).toBe('false'));
  await add.focus();
  await page.keyboard.press('Enter');
  await page.getByText('Added; the engine is starting it…').waitFor();
  expect(app.settings.text).toContain(
    '[link.kraken-v2-2]\npreset = "kraken_v2"\nprofile = "trading"\nsubscribe = ["ticker:BTC/USD", "ticker:ETH/USD", "trade:BTC/USD", "trade:ETH/USD"]\nenabled = true\n',
  );
});

it('[D5] Enter continues also from the heading, which has the focus first; among several lines with Ctrl', async () => {
  open = await openPage({ hash: '#/add' });
  const { page } = open;
  await page.getByRole('radio', { name: /^Kraken/ }).check();
  await page.keyboard.press('Enter');
  const symbols = page.getByLabel(/^Symbols/);
  await symbols.waitFor();
  expect(await focused(page)).toContain('Choose what to subscribe to');
  await page.keyboard.press('Enter');
  await block().waitFor();
  await page.getByRole('link', { name: /^2 / }).press('Enter');
  await symbols.press('Enter');
  await page.keyboard.type('DOGE/USD');
  await page.getByRole('region', { name: 'Subscriptions' }).getByText('ticker:DOGE/USD').waitFor();
  await page.getByText('Ctrl/⌘+Enter in a field of several lines').waitFor();
  await symbols.press('ControlOrMeta+Enter');
  await block().waitFor();
});

it('[C3] the card of a venue says what it needs, where that was read, and what nobody has looked up', async () => {
  open = await openPage({ hash: '#/add' });
  const { page } = open;
  const facts = page.getByRole('region', { name: 'Facts' });
  await page.getByRole('radio', { name: /^Alpaca/ }).check();
  expect(await facts.innerText()).toMatch(/ALPACA_KEY\s+set\s+ALPACA_SECRET\s+not set/);
  expect(await page.getByRole('group', { name: 'Need credentials' }).innerText()).toContain('CREDENTIALS');
  await page.getByRole('radio', { name: /^Kraken/ }).check();
  const text = await facts.innerText();
  expect(text).toContain('5 messages a second, pings among them; 200 subscriptions a connection');
  expect(text).toMatch(/Not looked up\s+From memory: about 150 dials/);
  expect(text).toContain('ticker:BTC/USD');
  expect(await facts.getByRole('link').getAttribute('href')).toBe('https://example.com/docs');
});

it('[L14] a test is shown as it goes on, each figure at its place, and can be stopped and begun again', async () => {
  open = await openPage();
  const { page } = open;
  await toTest();
  const panel = page.getByRole('region', { name: 'Connection test' });
  const heights = async (): Promise<(number | undefined)[]> =>
    Promise.all(['.trial-figures', '.trial-result'].map(async (part) => (await panel.locator(part).boundingBox())?.y));
  const before = await heights();
  await page.getByRole('button', { name: 'Test connection' }).click();
  const first = await trial();
  first.tell({ stage: { kind: 'queued', place: 2, origin: 'ws.kraken.com', waitMs: 4_000 }, elapsedMs: 500 });
  await panel.getByText('0.5 s: number 2 in the queue of dials to ws.kraken.com, about 4.0 s to go').waitFor();
  first.tell({
    stage: { kind: 'connecting' },
    phase: 'tls',
    phases: [{ phase: 'tcp', ms: 11.04 }],
    elapsedMs: 4_600,
  });
  await panel.getByText('4.6 s: TLS').waitFor();
  expect(await panel.locator('[data-phase=tcp]').innerText()).toBe('11.04');
  expect(await panel.locator('[data-phase=tls]').innerText()).toBe('…');
  first.tell({
    stage: { kind: 'open' },
    address: '203.0.113.7:443',
    pings: [rtt(12.4), { kind: 'missed' }, { kind: 'unmeasured' }],
    subscriptions: [
      { name: 'ticker:BTC/USD', status: 'acked', dataAgeMs: 1_200, isTold: true },
      { name: 'ticker:NOPE', status: 'refused', dataAgeMs: null, isTold: true },
    ],
    elapsedMs: 6_000,
  });
  await panel.getByText('6.0 s: connected to 203.0.113.7:443, 3 of 10 pings done').waitFor();
  expect(await panel.locator('[data-ping]').allInnerTexts()).toEqual(
    ['12.40', 'missed', 'unclear']
      .concat(Array.from({ length: 7 }, () => '–'))
      .flatMap((_, row, all) => (row < 5 ? [all[row] ?? '', all[row + 5] ?? ''] : [])),
  );
  const rows = await page.getByRole('region', { name: 'Subscriptions' }).getByRole('row').allInnerTexts();
  expect(rows.slice(1).map((row) => row.replace(/\s+/g, ' ').trim())).toEqual([
    'ticker:NOPE refused none',
    'ticker:BTC/USD acknowledged 1.2 s ago',
  ]);
  expect(await heights()).toEqual(before);
  await page.getByRole('button', { name: 'Stop' }).click();
  await until(() => expect(first.stopped).toBe(true));
  await panel.getByText('Not tested yet.').waitFor();
  await page.getByRole('button', { name: 'Test connection' }).click();
  const second = await trial(2);
  second.tell(WORKED);
  await result().getByText('RTT p50 12.2 ms, min 11.0 ms, max 15.5 ms of 10 pings. First data 312 ms').waitFor();
  expect(await heights()).toEqual(before);
});

it('[D5] a failure says what, whose doing and what to do; it can be added all the same, with a warning', async () => {
  open = await openPage();
  const { page } = open;
  await toTest();
  expect(await page.getByRole('button', { name: 'Add untested' }).count()).toBe(1);
  await page.getByText('Not tested: its page will show').waitFor();
  await page.getByRole('button', { name: 'Test connection' }).click();
  const reason = 'the name ws.kraken.com does not resolve (ENOTFOUND)';
  (await trial()).tell({
    stage: {
      kind: 'over',
      result: {
        kind: 'failed',
        reason,
        verdict: {
          cause: 'name resolution',
          blame: 'local network',
          certainty: 'possible',
          evidence: [reason, 'no link to another venue to compare with'],
        },
        advice: 'check the spelling of the address',
      },
    },
    phase: 'resolving',
  });
  await result().getByText('Does not work:').waitFor();
  expect((await result().innerText()).split('\n').filter((line) => line !== '')).toEqual([
    ` Does not work: ${reason}.`,
    'Cause name resolution (possible, by the local network): no link to another venue to compare with.',
    'What to do Check the spelling of the address.',
  ]);
  expect(await page.locator('[data-phase=resolving]').innerText()).toBe('failed');
  await page.getByRole('button', { name: 'Add anyway' }).click();
  await until(() => expect(open.app.settings.text).toContain('[link.kraken-v2-2]'));
});

it('[D5] what was typed is there on the way back, after a look elsewhere, and for each venue of its own', async () => {
  open = await openPage({ hash: '#/add' });
  const { page } = open;
  await chooseVenue(/^Kraken/);
  await page.getByLabel(/^Symbols/).fill('SOL/USD');
  await page.goBack();
  await page.getByRole('radio', { name: /^Kraken/ }).waitFor();
  expect(await page.getByRole('radio', { name: /^Kraken/ }).isChecked()).toBe(true);
  await chooseVenue(/^Own address/);
  await page.getByLabel(/^Address/).fill('tcp://feed.example.com:9000');
  await page.getByLabel(/^Messages/).fill('SUBSCRIBE:BTC');
  await next().click();
  await block().getByText('subscribe_raw = ["SUBSCRIBE:BTC"]').waitFor();
  await page.getByLabel(/^Name/).fill('feed 🦑');
  await block().getByText('[link."feed 🦑"]').waitFor();
  await page.getByRole('link', { name: 'Overview' }).click();
  await page.getByRole('link', { name: 'Add venue', exact: true }).click();
  await page.getByRole('link', { name: /Test and add/ }).click();
  expect(await page.getByLabel(/^Name/).inputValue()).toBe('feed 🦑');
  await page.getByRole('link', { name: /Choose a venue/ }).click();
  await chooseVenue(/^Kraken/);
  expect(await page.getByLabel(/^Symbols/).inputValue()).toBe('SOL/USD');
});

it('[D5] an address typed wrong, no symbol, or too many keep one from going on, and say why', async () => {
  open = await openPage({ hash: '#/add/test' });
  const { page } = open;
  await page.getByRole('heading', { name: /Choose a venue/ }).waitFor();
  expect(await next().getAttribute('title')).toBe('Choose a venue, or an address of your own');
  await chooseVenue(/^Kraken/);
  const symbols = page.getByLabel(/^Symbols/);
  await symbols.fill('');
  await page.locator('.wizard-foot').getByText('Type at least one symbol, such as BTC/USD').waitFor();
  await symbols.fill(Array.from({ length: 1000 }, (_, index) => `S${index}`).join('\n'));
  await page.locator('.wizard-foot').getByText('1,000 subscriptions, and Kraken takes on one connection 200').waitFor();
  expect(await symbols.getAttribute('aria-invalid')).toBe('true');
  await symbols.fill('BTC/USD 🦑');
  await page.getByLabel(/^Address/).fill('ws:/typo');
  await page.keyboard.press('Enter');
  await page.locator('.wizard-foot').getByText('ws:/typo is not an address').waitFor();
  expect(address()).toBe('#/add/subscribe');
  await page.getByLabel(/^Address/).fill('');
  await next().click();
  await block().getByText('subscribe = ["ticker:BTC/USD", "ticker:🦑"]').waitFor();
});

it('[D5] a test ends with the page, and with what it is of; a lost wire and a restarted engine are told', async () => {
  open = await openPage();
  const { page, cut } = open;
  await toTest();
  await page.getByRole('button', { name: 'Test connection' }).click();
  const first = await trial();
  first.tell({ stage: { kind: 'open' }, elapsedMs: 5_000, pings: [rtt(1)] });
  first.tell({ stage: { kind: 'connecting' }, phase: 'tcp', elapsedMs: 100 });
  await page.getByText('The engine was restarted, so the test has started again.').waitFor();
  await page.getByRole('link', { name: /Choose what/ }).click();
  await until(() => expect(first.stopped).toBe(true));
  await next().click();
  await page.getByRole('button', { name: 'Test connection' }).click();
  const second = await trial(2);
  cut();
  await result().getByText('Not known.').waitFor();
  await until(() => expect(second.stopped).toBe(true));
  await until(async () =>
    expect(await page.getByRole('button', { name: 'Test again' }).getAttribute('aria-disabled')).toBe('false'),
  );
  await page.getByRole('button', { name: 'Test again' }).click();
  (await trial(3)).tell(WORKED);
  await result().getByText('Works.').waitFor();
});

it('[C2] a name that is taken, a file with mistakes, and a file that has just changed are told before anything is written', async () => {
  open = await openPage();
  const { page, app } = open;
  await toTest();
  const add = page.getByRole('button', { name: 'Add untested' });
  await page.getByLabel(/^Name/).fill('demo-tokyo');
  await page.getByText('there is already a link named demo-tokyo: choose another name').waitFor();
  expect(await add.getAttribute('aria-disabled')).toBe('true');
  await page.getByLabel(/^Name/).fill('mine');
  await block().getByText('[link.mine]').waitFor();
  const good = app.settings.text;
  app.settings.writeOutside(good.replace('url = "demo://tokyo"', 'url = "oops"'));
  await page.getByText(/The settings file has a mistake in line \d+/).waitFor();
  expect(await add.getAttribute('aria-disabled')).toBe('true');
  app.settings.writeOutside(`# another hand\n${good}`);
  await until(async () => expect(await add.getAttribute('aria-disabled')).toBe('false'));
  // What is asked for is made from a revision that is not there any more, as when two wizards add at once.
  app.settings.conflictOnce = true;
  await add.click();
  await page.getByText('Not added: the file has just changed.').waitFor();
  expect(app.settings.text).not.toContain('[link.mine]');
  await add.click();
  await until(() => expect(app.settings.text).toContain('[link.mine]'));
  expect(app.settings.text).toContain('# another hand');
});

it('[D5] a preset that is gone when the page comes back is named, and nothing goes on with it', async () => {
  open = await openPage({ hash: '#/add' });
  const { page, app, cut } = open;
  await chooseVenue(/^Kraken/);
  app.venues.forget('kraken_v2');
  cut();
  await page.locator('.wizard-foot').getByText('The venue kraken_v2 is not known to this Warmwire').waitFor();
  await page.getByRole('heading', { name: /Choose a venue/ }).waitFor();
});

it('[D5] while only demo exchanges are connected the overview says how to add a venue', async () => {
  const some = ['demo-tokyo', 'coinbase-advanced'];
  open = await openPage({ links: TEN_LINKS.filter(({ name }) => some.includes(name)) });
  await open.page.getByText('These are demo exchanges.').waitFor();
  await open.page.getByRole('link', { name: 'Add your venue…' }).click();
  await open.page.getByLabel('Search venues').waitFor();
  await open.close();
  open = await openPage();
  expect(await open.page.getByText('These are demo exchanges.').count()).toBe(0);
});

it.each([
  ['dark', 1280, 800],
  ['light', 1920, 1080],
] as const)('[D1] axe has nothing against the three steps in the %s theme at %i x %i', async (theme, width, height) => {
  open = await openPage({ theme, size: { width, height } });
  const { page } = open;
  await goTo(page, '#/add');
  await page.getByRole('radio', { name: /^Kraken/ }).check();
  expect(await axeOf(page)).toEqual([]);
  await next().click();
  await page.getByLabel(/^Symbols/).waitFor();
  expect(await axeOf(page)).toEqual([]);
  await next().click();
  await page.getByRole('button', { name: 'Test connection' }).click();
  (await trial()).tell(WORKED);
  await result().getByText('Works.').waitFor();
  expect(await axeOf(page)).toEqual([]);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(wide).toBeLessThanOrEqual(0);
});
