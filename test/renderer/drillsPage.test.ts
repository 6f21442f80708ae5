import { afterEach, expect, it } from 'vitest';
import type { LinkHappening } from '../../src/shared/events.ts';
import { monoMs } from '../../src/shared/units.ts';
import { TEN_LINKS } from './fakeLinks.ts';
import { axeOf, focused, goTo, type OpenPage, openPage, until } from './harness/openPage.ts';

let open: OpenPage;
afterEach(async () => {
  await open.close();
  expect(open.complaints).toEqual([]);
});

const press = async (...keys: string[]): Promise<void> => {
  for (const key of keys) await open.page.keyboard.press(key);
};
const milestone = (name: string) => open.page.locator(`.drill-report tr[data-milestone="${name}"]`);
const cells = async (name: string): Promise<string[]> => milestone(name).locator('th, td').allInnerTexts();
const UP = { kind: 'up', since: monoMs(0) } as const;

/** What the engine tells of a link that is lost and comes back; the times are those of the telling. */
const SUSPECT: LinkHappening = {
  kind: 'state',
  from: UP,
  to: { kind: 'suspect', since: monoMs(0), upSince: monoMs(0), probes: 1, why: 'silence' },
  because: '',
};
const DEAD: LinkHappening = {
  kind: 'socket-ended',
  reason: { kind: 'dead', missed: 7, silentMs: 3_000 },
  livedMs: 60_000,
};
const CONNECTING: LinkHappening = {
  kind: 'state',
  from: UP,
  to: { kind: 'connecting', attempt: 1, phase: 'tcp', since: monoMs(0) },
  because: '',
};
const OPENED: LinkHappening = {
  kind: 'opened',
  timings: { dnsMs: null, tcpMs: 1, tlsMs: null, upgradeMs: 2, totalMs: 3 },
  address: '127.0.0.1:1',
};
const RESTORED: LinkHappening = { kind: 'restored', tookMs: 5, subscriptions: 4 };

it('[D6] before a drill the page shows every promise with its reason; 4 leads there, Esc back', async () => {
  open = await openPage();
  await press('4');
  await until(async () => expect(await focused(open.page)).toBe('Drills'));
  expect(await open.page.locator('main').innerText()).toContain('links to real venues are never touched');
  expect(await open.page.getByRole('navigation').locator('[aria-current]').innerText()).toBe('Drills');
  await until(async () =>
    expect(await cells('suspect')).toEqual([
      'Suspect',
      '1,200',
      'within 1.20 s',
      'silent for longer than 1.0 s, its learned limit',
    ]),
  );
  expect((await cells('promoted'))[3]).toBe('this link keeps no standby');
  // Why is read to its end.
  const cut = await open.page
    .locator('.drill-table td')
    .evaluateAll((all) => all.filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.textContent));
  expect(cut).toEqual([]);
  await press('Escape');
  await open.page.getByTestId('p99-chart').waitFor();
});

it('[D6] where no link would meet a fault none is started, and the page leads to where one is added', async () => {
  open = await openPage({ hash: '#/drills/frankfurt', links: TEN_LINKS.slice(0, 1) });
  const { page } = open;
  await page.getByText('nobody would notice').waitFor();
  const why = 'No link is connected to DEMO frankfurt: nobody would notice';
  for (const name of ['Start drill', 'Drill all']) {
    expect(await page.getByRole('button', { name }).getAttribute('title')).toBe(why);
  }
  await page.getByRole('link', { name: 'Add a link to it' }).click();
  await until(async () => expect(await focused(page)).toContain('Add venue'));
});

it('[D6] the chosen fault and its length are there on the way back', async () => {
  open = await openPage({ hash: '#/drills/tokyo' });
  const { page } = open;
  const slow = page.getByRole('button', { name: /^Slow/ });
  await slow.click();
  const length = page.getByRole('group', { name: 'For, s' }).getByRole('button', { name: '30' });
  await length.click();
  await goTo(page, '#/');
  await page.getByTestId('p99-chart').waitFor();
  await goTo(page, '#/drills/tokyo');
  await slow.waitFor();
  expect(await slow.getAttribute('aria-pressed')).toBe('true');
  expect(await length.getAttribute('aria-pressed')).toBe('true');
});

it('[D6] a drill is followed as it goes, and a person needs no pointer for it', async () => {
  open = await openPage({ hash: '#/drills/tokyo' });
  const { page, app } = open;
  await page.getByRole('button', { name: /^Freeze/ }).focus();
  await press('Enter');
  await page.getByRole('group', { name: 'For, s' }).getByRole('button', { name: '30', exact: true }).focus();
  await press('Enter');
  await page.getByRole('button', { name: 'Start drill' }).focus();
  await press('Enter');
  const report = page.getByRole('region', { name: 'Timeline' });
  await report.getByText('The fault is on:').waitFor();
  expect(await focused(page)).toBe('Start drill');
  expect(await page.getByRole('button', { name: 'Start drill' }).getAttribute('title')).toContain(
    'A drill is running here',
  );
  expect(await page.locator('.drill-setup').innerText()).toMatch(/DEMO tokyo is frozen, \d+ s left/);
  app.happen('demo-tokyo', SUSPECT);
  app.happen('demo-frankfurt', OPENED);
  await until(async () => expect(Number((await cells('suspect'))[1]?.replace(',', ''))).toBeGreaterThan(0));
  expect((await cells('suspect'))[4]?.trim()).toMatch(/kept|missed/);
  app.happen('demo-tokyo', DEAD);
  app.happen('demo-tokyo', CONNECTING);
  app.happen('demo-tokyo', OPENED, 2);
  app.happen('demo-tokyo', RESTORED, 2);
  await until(async () =>
    expect(await page.getByTestId('drill-result').innerText()).toMatch(
      /suspect after .* \(promised 1\.20 s\), dead after .* \(3\.30 s\), dialled after .*, restored after /,
    ),
  );
  app.happen('demo-frankfurt', SUSPECT);
  await until(async () => expect((await cells('others'))[5]).toBe('demo-frankfurt suspect'));
  expect((await cells('others'))[4]?.trim()).toBe('missed');
  expect(await axeOf(page)).toEqual([]);
});

it('[D6] Stop ends the fault; the drill is kept in the list as cut short, and its report can be copied', async () => {
  open = await openPage({ hash: '#/drills/tokyo' });
  const { page, app } = open;
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  // However long the press of Stop takes, the drill is cut short before anything was due.
  app.holdClock();
  await page.getByRole('group', { name: 'For, s' }).getByRole('button', { name: '30', exact: true }).click();
  await page.getByRole('button', { name: 'Start drill' }).click();
  await page.getByText('The fault is on:').waitFor();
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await page.getByText('Ended before its time:').waitFor();
  const beyond = () => page.evaluate(() => document.documentElement.scrollHeight - window.innerHeight);
  await page.setViewportSize({ width: 1280, height: 480 });
  expect(await beyond()).toBe(0);
  const list = page.getByRole('region', { name: 'Drills of this session' });
  expect(await list.getByRole('row').last().innerText()).toMatch(/Freeze 30 s\s+DEMO tokyo[\s\S]*cut short/);
  expect(await page.locator('.drill-setup').innerText()).toContain('DEMO tokyo has no fault');
  await page.getByRole('button', { name: 'Copy CSV' }).click();
  const read = (): Promise<string> => page.evaluate(() => navigator.clipboard.readText());
  await until(async () => expect(await read()).toMatch(/^at,exchange,fault,link,ended,machine_stalls,milestone,/));
  expect(await read()).toMatch(/,DEMO tokyo,Freeze 30 s,demo-tokyo,cut short,0,suspect,,within,1200,does not apply,/);
  await page.getByRole('button', { name: 'Copy text' }).click();
  await until(async () => expect(await read()).toMatch(/^Freeze 30 s on DEMO tokyo, demo-tokyo, /));
  await goTo(page, '#/');
  await page.getByTestId('p99-chart').waitFor();
  await goTo(page, '#/drills/tokyo');
  await list.waitFor();
});

it('[D6] a drill that another window began is followed here too', async () => {
  open = await openPage({ hash: '#/drills/tokyo' });
  const { page, app } = open;
  await page.getByRole('button', { name: /^Mute/ }).click();
  await page.getByRole('region', { name: 'Promises' }).waitFor();
  app.inject('tokyo', { kind: 'refuse', forSecs: 15 });
  await page.getByRole('heading', { level: 2, name: /^Refuse 15 s/ }).waitFor();
  app.happen('demo-tokyo', { kind: 'socket-ended', reason: { kind: 'cut', code: 'ECONNRESET' }, livedMs: 1 });
  await until(async () => expect((await cells('ended'))[5]).toContain('ECONNRESET'));
});

it('[D6] the page opens where a drill runs, with Stop at hand, and names a fault that is in force elsewhere', async () => {
  open = await openPage();
  const { page, app } = open;
  app.inject('newyork', { kind: 'freeze', forSecs: 30 });
  await goTo(page, '#/drills');
  const setup = page.locator('.drill-setup');
  await until(async () => expect(await setup.innerText()).toMatch(/DEMO newyork is frozen, \d+ s left/));
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await page.getByText('Ended before its time:').waitFor();
  expect(await setup.innerText()).toContain('DEMO newyork has no fault');
  app.inject('tokyo', { kind: 'mute', forSecs: 30 });
  await page.getByRole('link', { name: 'DEMO tokyo is mute: go there' }).click();
  await until(async () => expect(await setup.innerText()).toMatch(/DEMO tokyo is mute, \d+ s left/));
  expect(await page.getByRole('link', { name: /go there/ }).count()).toBe(0);
});

it('[D6] a fault where nobody stands says so before it is started, and is never scored as kept', async () => {
  const [tokyo] = TEN_LINKS;
  if (tokyo === undefined) throw new Error('there are no fake links');
  const routes = [
    { url: 'demo://tokyo', p50Ms: 9, inUse: false, alive: true },
    { url: 'demo://newyork', p50Ms: 9, inUse: true, alive: true },
  ];
  const sockets = [{ generation: 1, role: 'in use' as const, url: 'demo://newyork', openedAt: null }];
  open = await openPage({ hash: '#/drills', links: [{ ...tokyo, about: () => ({ routes, sockets }) }] });
  const { page, app } = open;
  const setup = page.locator('.drill-setup');
  const chosen = page.getByRole('group', { name: 'Exchange' }).locator('[aria-pressed="true"]');
  await until(async () => expect(await chosen.innerText()).toBe('newyork'));
  expect(await setup.innerText()).toContain('demo-tokyo would meet it');
  await page.getByRole('button', { name: 'tokyo', exact: true }).click();
  await until(async () =>
    expect(await setup.innerText()).toContain('No link stands here now; demo-tokyo is at newyork: drill there'),
  );
  app.inject('tokyo', { kind: 'mute', forSecs: 1 });
  const report = page.getByRole('region', { name: 'Timeline' });
  await report.getByText('Over:', { exact: true }).waitFor();
  expect(await page.getByTestId('drill-result').innerText()).toContain('Nobody stood here when it began');
  const row = page.getByRole('region', { name: 'Drills of this session' }).getByRole('row').last();
  expect(await row.innerText()).toMatch(/Mute 1 s\s+DEMO tokyo[\s\S]*–\s+0\s+nobody here/);
  await page.getByRole('button', { name: 'drill there' }).click();
  await until(async () => expect(await chosen.innerText()).toBe('newyork'));
});

it('[D6] at 1280 the names of drills, what was said and what is being done are read to their end', async () => {
  open = await openPage({ hash: '#/drills/frankfurt' });
  const { page, app } = open;
  app.inject('frankfurt', { kind: 'rate-limit', forSecs: 90, retryAfterSecs: 5 });
  await page.getByText('The fault is on:').waitFor();
  app.happen('demo-frankfurt', DEAD);
  app.happen('demo-frankfurt', {
    kind: 'verdict',
    verdict: { cause: 'half-open', blame: 'unknown', certainty: 'likely', evidence: ['7 pings in a row unanswered'] },
  });
  await until(async () => expect((await cells('verdict'))[5]).toContain('7 pings in a row unanswered'));
  const name = page.locator('.drill-name', { hasText: '429, retry after 5 s, 90 s' });
  expect(await name.count()).toBe(1);
  expect(await page.locator('.drill-state').evaluate((one) => one.scrollWidth - one.clientWidth)).toBe(0);
  app.inject('frankfurt', null);
  await page.getByText('Ended before its time:').waitFor();
  expect(await page.locator('.drill-said').count()).toBeGreaterThan(0);
  const cut = await page.evaluate(() =>
    [...document.querySelectorAll('.drill-name, .drill-said, .drill-state')].flatMap((one) =>
      one.scrollWidth > one.clientWidth ? [one.textContent] : [],
    ),
  );
  expect(cut).toEqual([]);
  const tops = await page
    .getByRole('group', { name: 'Exchange' })
    .getByRole('button')
    .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().top));
  expect(new Set(tops).size).toBe(1);
});

it('[D6] while a drill runs nothing below its rows moves, whatever is said in them; the whole is in the title', async () => {
  open = await openPage({ hash: '#/drills/tokyo' });
  const { page, app } = open;
  app.inject('tokyo', { kind: 'freeze', forSecs: 90 });
  await page.getByText('The fault is on:').waitFor();
  const table = page.getByRole('region', { name: 'Drills of this session' });
  const top = () => table.evaluate((one) => one.getBoundingClientRect().top);
  const before = await top();
  const evidence = ['7 pings in a row unanswered', 'nothing heard for 3.3 s', 'another connection was answered'];
  for (const happening of [SUSPECT, DEAD]) app.happen('demo-tokyo', happening);
  app.happen('demo-tokyo', {
    kind: 'verdict',
    verdict: { cause: 'half-open', blame: 'unknown', certainty: 'likely', evidence },
  });
  app.happen('demo-tokyo', CONNECTING);
  for (const happening of [OPENED, RESTORED]) app.happen('demo-tokyo', happening, 2);
  app.happen('okx-spot', DEAD);
  await until(async () => expect((await cells('others'))[5]).toContain('okx-spot lost'));
  await until(async () => expect((await cells('verdict'))[5]).toContain('another connection was answered'));
  expect(await milestone('verdict').locator('td').last().getAttribute('title')).toContain(evidence[2]);
  expect(await top()).toBe(before);
});

it('[D6] at 1280 with faults elsewhere it is still read that links to real venues are never touched, and nothing moves', async () => {
  open = await openPage({ hash: '#/drills/tokyo' });
  const { page, app } = open;
  const setup = page.locator('.drill-setup');
  const said = page.locator('.drills-bar > p');
  await setup.waitFor();
  const top = (await setup.boundingBox())?.y;
  for (const exchange of ['frankfurt', 'newyork', 'chicago', 'rest'])
    app.inject(exchange, { kind: 'mute', forSecs: 60 });
  await until(async () => expect(await page.getByRole('link', { name: /go there/ }).count()).toBe(4));
  expect((await setup.boundingBox())?.y).toBe(top);
  const [bar, text] = [await page.locator('.drills-bar').boundingBox(), await said.boundingBox()];
  expect(text?.height).toBeLessThanOrEqual(bar?.height ?? 0);
  const over = await page.evaluate(() => (document.querySelector('main') as HTMLElement).scrollWidth - innerWidth);
  expect(over).toBeLessThanOrEqual(0);
});

it('[D6] of two drills at once neither counts the other’s work as a false alarm, and says whose it was', async () => {
  open = await openPage({ hash: '#/drills/tokyo' });
  const { page, app } = open;
  const lost: LinkHappening = { kind: 'socket-ended', reason: { kind: 'cut', code: 'ECONNRESET' }, livedMs: 1 };
  app.inject('tokyo', { kind: 'freeze', forSecs: 15 });
  await page.getByRole('heading', { level: 2, name: /^Freeze 15 s/ }).waitFor();
  app.inject('frankfurt', { kind: 'refuse', forSecs: 15 });
  const note = page.getByTestId('drill-beside');
  app.happen('demo-frankfurt', lost);
  await until(async () =>
    expect(await note.innerText()).toBe(
      'Refuse 15 s on DEMO frankfurt ran meanwhile: what it did to demo-frankfurt is not counted here.',
    ),
  );
  expect((await cells('others')).slice(4, 5)).toEqual([expect.stringContaining('not yet')]);
  app.happen('okx-spot', lost);
  await until(async () => expect((await cells('others'))[4]).toContain('missed'));
  expect((await cells('others'))[5]).toContain('okx-spot lost: ');
});

it('[D6] [P2] a pool’s drill: promises by its own settings, faults of requests, and what its frames showed', async () => {
  const limit = { ms: 15_000, source: 'announced', closes: 0 } as const;
  const rest = { url: 'demo://rest', state: 'warm', wanted: 2, limit } as const;
  open = await openPage({
    hash: '#/drills/rest',
    pools: [{ name: 'demo-rest', origins: [rest], coldMs: 60, warmMs: 9, requests: 40, reused: 38 }],
  });
  const { page, app } = open;
  await page.getByTestId('drill-pool').waitFor();
  expect(await page.getByRole('button', { name: /^Mute/ }).innerText()).toContain('nothing streams');
  await page.getByRole('button', { name: /^Kill/ }).click();
  await until(async () =>
    expect((await cells('lost')).slice(0, 3)).toEqual(['Ready socket lost', '350', 'within 350 ms']),
  );
  expect(await page.locator('tr[data-milestone="gate-open"]').count()).toBe(0);
  await page.getByRole('button', { name: /^503/ }).click();
  await until(async () => expect((await cells('failing'))[0]).toBe('Venue left alone'));
  app.inject('rest', { kind: 'unavailable', forSecs: 30 });
  await page.getByText('The fault is on:').waitFor();
  await until(async () => expect((await cells('failing'))[4]).toContain('not yet'));
  app.failPool('demo-rest', 'HTTP 503');
  await until(async () => expect((await cells('failing'))[5]).toBe('HTTP 503'));
  expect(Number((await cells('failing'))[1])).toBeGreaterThan(0);
  expect(await axeOf(page)).toEqual([]);
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await page.getByText('Ended before its time:').waitFor();
  const list = page.getByRole('region', { name: 'Drills of this session' });
  expect(await list.getByRole('row').last().innerText()).toMatch(/503 for 30 s\s+DEMO rest/);
});

it('[D6] a fault that makes no sense on a wire is disabled with its reason in sight', async () => {
  open = await openPage({ hash: '#/drills/chicago' });
  const { page } = open;
  const limited = page.getByRole('button', { name: /^429/ });
  expect(await limited.getAttribute('aria-disabled')).toBe('true');
  expect(await limited.innerText()).toContain('lines over TCP have no upgrade');
  expect(await page.getByRole('button', { name: /^Wrong pong/ }).innerText()).toContain('carries no id');
  expect(await page.locator('main').innerText()).toContain('No link is connected to DEMO chicago');
  await goTo(page, '#/drills/osaka');
  await page.getByText('There is no exchange of that name').waitFor();
  expect(await page.getByRole('group', { name: 'Exchange' }).getByRole('button').allInnerTexts()).toContain('rest');
});

it('[D6] Drill all runs one after the other, and Cancel ends the fault and the set', async () => {
  open = await openPage({ hash: '#/drills/newyork' });
  const { page, app } = open;
  // The first drill is not over before it was looked at.
  app.holdClock();
  await page.getByRole('button', { name: 'Drill all' }).click();
  const set = page.getByRole('region', { name: 'All drills' });
  await until(async () => expect(await set.innerText()).toMatch(/then Freeze 15 s, Refuse 5 s, Mute 15 s[\s\S]*Kill/));
  expect(await page.getByRole('button', { name: 'Start drill' }).getAttribute('title')).toBe(
    'A set of drills is running',
  );
  app.holdClock(false);
  await until(async () => expect(await set.innerText()).toMatch(/Freeze 15 s\s+DEMO newyork[\s\S]*running/));
  await set.getByRole('button', { name: 'Cancel' }).click();
  await until(async () => expect(await set.innerText()).toContain('cancelled after 2 of 6'));
  await until(async () =>
    expect(await page.locator('.drill-setup').innerText()).toContain('DEMO newyork has no fault'),
  );
  await until(async () => expect(await set.innerText()).toMatch(/Freeze 15 s[\s\S]*cut short/));
});

it('[D6] a cancelled set neither goes on nor ends the one that was begun after it', async () => {
  open = await openPage({ hash: '#/drills/newyork' });
  const { page, app } = open;
  // The first drill is not over before the second set has begun.
  app.holdClock();
  const set = page.getByRole('region', { name: 'All drills' });
  const drillAll = async (exchange: string): Promise<void> => {
    await page.getByRole('group', { name: 'Exchange' }).getByRole('button', { name: exchange, exact: true }).click();
    await page.getByRole('button', { name: 'Drill all' }).click();
    await until(async () => expect(await set.innerText()).toMatch(new RegExp(`Kill\\s+DEMO ${exchange}`)));
  };
  await drillAll('newyork');
  await set.getByRole('button', { name: 'Cancel' }).click();
  await drillAll('tokyo');
  app.holdClock(false);
  await until(async () => expect(await set.innerText()).toMatch(/Freeze 15 s\s+DEMO tokyo[\s\S]*running/));
  expect(await page.getByRole('region', { name: 'Drills of this session' }).innerText()).not.toMatch(
    /Freeze 15 s\s+DEMO newyork/,
  );
  await set.getByRole('button', { name: 'Cancel' }).click();
  await until(async () => expect(await set.innerText()).toContain('cancelled after 2 of'));
});

it.each([
  ['dark', { width: 1280, height: 800 }],
  ['light', { width: 1920, height: 1080 }],
] as const)('[D6] nothing moves when a drill begins, and axe has nothing against the page, %s', async (theme, size) => {
  open = await openPage({ hash: '#/drills/tokyo', theme, size });
  const { page } = open;
  await milestone('suspect').waitFor();
  const tops = () =>
    page.evaluate(() =>
      [...document.querySelectorAll('.drill-report tr, .drill-buttons button')].map((one) => {
        const { top, left } = one.getBoundingClientRect();
        return [top, left];
      }),
    );
  const before = await tops();
  expect(await axeOf(page)).toEqual([]);
  await page.getByRole('button', { name: 'Start drill' }).click();
  await page.getByText('The fault is on:').waitFor();
  expect(await tops()).toEqual(before);
  expect(await axeOf(page)).toEqual([]);
  const over = await page.evaluate(() => (document.querySelector('main') as HTMLElement).scrollWidth - innerWidth);
  expect(over).toBeLessThanOrEqual(0);
});
