import { afterEach, beforeEach, expect } from 'vitest';
import type { LinkConfig } from '../../../src/shared/engineConfig.ts';
import type { Preset } from '../../../src/shared/preset.ts';
import { JSON_PRESET, linkConfig, subscription } from '../../support/linkConfig.ts';
import { GymRig } from '../rig.ts';
import { asked, JsonTalk, watched } from '../scripts.ts';
import { GymVenue } from '../venue.ts';

/** What every incident plays on: one venue, the engine, and what the venue says by itself. New for each test. */
export let rig: GymRig;
export let venue: GymVenue;
export let talk: JsonTalk;
const closing: { close(): Promise<void> }[] = [];

/** Call once at the top of a file: opens all that before each of its tests, and closes it after. */
export function setStage(): void {
  beforeEach(async () => {
    rig = new GymRig();
    venue = await opened(GymVenue.open());
    talk = new JsonTalk(rig, venue);
  });
  afterEach(async () => {
    await rig.stop();
    for (const one of closing.splice(0)) await one.close();
  });
}

/** Another engine in place of the one that is there, and the venue talks to it. */
export function castRig(other: GymRig): void {
  rig = other;
  talk = new JsonTalk(rig, venue);
}

/** Closed after the test. */
export async function opened<T extends { close(): Promise<void> }>(opening: Promise<T>): Promise<T> {
  const one = await opening;
  closing.push(one);
  return one;
}

export type Change = NonNullable<Parameters<typeof linkConfig>[0]>;

/** A link to the venue that speaks JSON and wants BTC. */
export const jsonLink = (change: Change = {}): LinkConfig =>
  linkConfig({
    url: venue.url,
    dialUrl: venue.url,
    preset: JSON_PRESET,
    subscriptions: [subscription('BTC')],
    expectsData: true,
    ...change,
  });

/** One that speaks plain WebSocket, and that nobody sends data. */
export const plainLink = (change: Change = {}): LinkConfig =>
  linkConfig({ url: venue.url, dialUrl: venue.url, ...change });

export const elsewhere = (preset: Preset): Preset => ({ ...preset, venue: `Not ${preset.venue}` });

/** Waits the link has begun. */
export const waits = (name = 'venue') =>
  rig.happenings('state', name).flatMap(({ to }) => (to.kind === 'waiting' || to.kind === 'blocked' ? [to] : []));

/** It lost one socket, waited once, and is up again on the second with each subscription asked for once. */
export async function cameBackOnce(): Promise<void> {
  await rig.up('venue', 2);
  expect(waits()).toHaveLength(1);
  expect(venue.guests).toHaveLength(2);
  for (const guest of venue.guests) expect(asked(guest)).toEqual({ BTC: 1 });
}

export const SETTLED_MS = 4_000;

/** So many pairs of messages whose second comes first. */
export async function reordered(pairs: number): Promise<void> {
  await rig.run(jsonLink({ subscriptions: [watched('BTC')] }));
  await rig.up();
  talk.muted.add(venue.newest);
  const from = talk.next.get('BTC') ?? 1;
  for (let i = 0; i < pairs; i += 1) {
    venue.newest.ws.send(`{"s":"BTC","n":${from + 2 * i + 1}}`);
    await rig.pass(200);
    venue.newest.ws.send(`{"s":"BTC","n":${from + 2 * i}}`);
    await rig.pass(200);
  }
}
