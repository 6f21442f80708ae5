import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Incident, nextIncidents } from '../../src/shared/incident.ts';
import { JSON_PRESET, linkConfig, subscription } from '../support/linkConfig.ts';
import { GymRig } from './rig.ts';
import { JsonTalk } from './scripts.ts';
import { GymVenue } from './venue.ts';

let rig: GymRig;
let venue: GymVenue;
let talk: JsonTalk;
let incidents: readonly Incident[];
beforeEach(async () => {
  rig = new GymRig();
  venue = await GymVenue.open();
  talk = new JsonTalk(rig, venue);
  incidents = [];
  rig.engine.incidents(null, (update) => {
    incidents = nextIncidents(incidents, update);
  });
});
afterEach(async () => {
  await rig.stop();
  await venue.close();
});

const link = (standby = false) => {
  const { url } = venue;
  return linkConfig({
    url,
    dialUrl: url,
    routes: [{ url, dialUrl: url }],
    preset: JSON_PRESET,
    subscriptions: [subscription('BTC')],
    expectsData: true,
    policy: { standby },
  });
};
const healthy = (): boolean => rig.snapshot?.links.venue?.health.level === 'healthy';

it('[S2] [H6] a restart of the venue is one incident with its verdict, its time without a socket and how it ended', async () => {
  await rig.run(link());
  await rig.until(healthy, 'healthy');
  expect(incidents).toEqual([]);
  const lostAt = rig.clock.wall();
  venue.newest.ws.close(1012, 'service restart');
  await rig.until(() => incidents[0]?.closedAt != null, 'the end of the incident');
  expect(incidents).toMatchObject([
    {
      link: 'venue',
      what: expect.stringContaining('1012 "service restart"'),
      generations: { from: 1, to: 2 },
      end: { kind: 'reconnected', attempt: 1 },
      verdicts: [{ cause: 'venue restart', blame: 'venue', certainty: 'sure' }],
    },
  ]);
  const [incident] = incidents as [Incident];
  expect(incident.openedAt - lostAt).toBeLessThan(50);
  expect(incident.down.ms).toBeGreaterThanOrEqual(100);
  expect((incident.closedAt ?? 0) - incident.openedAt).toBeGreaterThanOrEqual(incident.down.ms);
  expect(incident.gateClosed.since).not.toBeNull();
  await rig.until(() => incidents[0]?.gateClosed.since === null, 'the gate', 60_000);
  expect(incidents[0]?.gateClosed.ms).toBeGreaterThan(5_000);
  expect(incidents.length).toBe(1);
});

it('[S2] a venue that goes silent is one incident from the suspicion on, and is named by the loss', async () => {
  await rig.run(link());
  await rig.until(() => rig.link().about.silenceLimitMs !== null && healthy(), 'a learned gap');
  talk.answersPings = false;
  talk.manners = { ack: 'yes', data: false };
  await rig.until(() => incidents.length === 1, 'the incident');
  expect(incidents[0]?.what).toMatch(/suspect/);
  expect(incidents[0]?.down).toEqual({ ms: 0, since: null });
  await rig.until(() => incidents[0]?.down.since !== null, 'the loss');
  expect(incidents[0]?.what).toMatch(/pings in a row unanswered/);
  await rig.until(() => (incidents[0]?.verdicts.length ?? 0) > 0, 'the verdict');
  await rig.engine.configure({ links: [], pools: [], gateReopenMs: 5000, shutdownGraceMs: 1000 });
  expect(incidents[0]).toMatchObject({ end: { kind: 'removed', by: 'settings' } });
});

it('[S2] [L12] a standby that took over makes an incident of no time without a socket', async () => {
  await rig.run(link(true));
  await rig.until(() => healthy() && rig.link().about.standby === 'ready', 'a standby');
  const { generation } = rig.link().about;
  venue.guests[0]?.ws.terminate();
  await rig.until(() => incidents.length === 1, 'the incident');
  await rig.until(() => incidents[0]?.closedAt != null, 'its end');
  expect(incidents[0]).toMatchObject({
    down: { ms: 0, since: null },
    end: { kind: 'promoted' },
    generations: { from: generation, to: generation + 1 },
  });
});

it('[S2] neither the first connect, nor a graceful reconnect, nor a pause is an incident', async () => {
  await rig.run(link());
  await rig.until(healthy, 'healthy');
  await rig.engine.reconnectLink({ link: 'venue', manner: 'graceful' });
  await rig.until(() => rig.link().about.generation === 2 && healthy(), 'the second socket');
  await rig.run({ ...link(), enabled: false });
  await rig.until(() => rig.link().state.kind === 'paused', 'the pause');
  await rig.run(link());
  await rig.until(healthy, 'healthy again');
  expect(incidents).toEqual([]);
  let first: readonly Incident[] | null = null;
  rig.engine.incidents(null, ({ kind, incidents: told }) => {
    if (kind === 'whole') first = told;
  });
  expect(first).toEqual([]);
});
