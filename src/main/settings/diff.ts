import { withoutClearKeys } from '../../shared/clearKey.ts';
import type { EngineConfig, LinkConfig } from '../../shared/engineConfig.ts';
import { knobs } from '../../shared/knobs.ts';
import { KNOB_NAMES } from '../../shared/policyFields.ts';
import type { Preset } from '../../shared/preset.ts';
import { LinkSchema } from '../../shared/settings.ts';
import { type Effect, factsOf } from '../../shared/settingsKey.ts';
import type { ChangeEffect, SettingsChange } from '../../shared/settingsView.ts';
import { onlyANewSocketEnds } from '../../shared/unsubscribing.ts';
import { knobText } from './policy.ts';
import { diffPools } from './poolDiff.ts';

type ChangedKey = SettingsChange['keys'][number];

/**
 * What `to` does to each link and pool that runs by `from`; one that stays as it is is not listed. Order: links, then
 * pools, each as in `to`, then the removed.
 */
export function diffSettings(from: EngineConfig, to: EngineConfig): SettingsChange[] {
  return [...diffLinks(from, to), ...diffPools(from.pools, to.pools)];
}

function diffLinks(from: EngineConfig, to: EngineConfig): SettingsChange[] {
  const old = new Map(from.links.map((link) => [link.name, link]));
  const changes: SettingsChange[] = [];
  for (const link of to.links) {
    const before = old.get(link.name);
    old.delete(link.name);
    if (before === undefined) {
      changes.push({ link: link.name, effect: 'added', keys: [] });
      continue;
    }
    const keys = changedKeys(before, link);
    if (keys.length > 0) changes.push({ link: link.name, effect: effectOf(before, link, keys), keys });
  }
  for (const name of old.keys()) changes.push({ link: name, effect: 'removed', keys: [] });
  return changes;
}

const STRENGTH: readonly ChangeEffect[] = ['live', 'resubscribe', 'readdress', 'redial', 'restart'];

function effectOf(from: LinkConfig, to: LinkConfig, keys: readonly ChangedKey[]): SettingsChange['effect'] {
  if (from.enabled !== to.enabled) return to.enabled ? 'resumed' : 'paused';
  // A paused link has no socket that a change could close.
  if (!to.enabled) return 'live';
  const strongest = Math.max(...keys.map((key) => STRENGTH.indexOf(key.effect)));
  return STRENGTH[strongest] ?? 'live';
}

function changedKeys(from: LinkConfig, to: LinkConfig): ChangedKey[] {
  const keys: ChangedKey[] = [];
  const compare = (
    key: keyof typeof LinkSchema.shape,
    before: string,
    after: string,
    effect: ChangeEffect = linkEffect(key),
  ): void => {
    if (before === after) return;
    keys.push({ key, from: withoutClearKeys(before), to: withoutClearKeys(after), effect });
  };
  compare('url', urlText(from), urlText(to));
  if (from.presetName !== to.presetName || dialectText(from.preset) !== dialectText(to.preset)) {
    const [before, after] = [presetText(from), presetText(to)];
    keys.push({ key: 'preset', from: before, to: after, effect: linkEffect('preset') });
  }
  const more = losesAddress(from, to) ? 'readdress' : linkEffect('more_urls');
  compare('more_urls', routesText(from), routesText(to), more);
  compare('rotation_windows', JSON.stringify(from.rotationWindows), JSON.stringify(to.rotationWindows));
  compare('time_zone', from.timeZone, to.timeZone);
  compare('enabled', String(from.enabled), String(to.enabled));
  if (messagesText(from) !== messagesText(to)) {
    const effect = onlyANewSocketEnds(from, to).length > 0 ? 'redial' : linkEffect('subscribe');
    keys.push({ key: 'subscribe', from: namesText(from), to: namesText(to), effect });
  }
  compare('expects_data', String(from.expectsData), String(to.expectsData));
  if (from.ca !== to.ca) {
    keys.push({ key: 'ca_file', from: caText(from), to: caText(to), effect: linkEffect('ca_file') });
  }
  for (const knob of KNOB_NAMES) {
    const before = knobText(from.policy, knob);
    const after = knobText(to.policy, knob);
    if (before === after) continue;
    const facts = factsOf(knobs[knob]);
    const unit = facts === null || facts.unit === '' ? '' : ` ${facts.unit}`;
    keys.push({ key: knob, from: before + unit, to: after + unit, effect: facts?.effect ?? 'redial' });
  }
  return keys;
}

function linkEffect(key: keyof typeof LinkSchema.shape): Effect {
  return factsOf(LinkSchema.shape[key])?.effect ?? 'redial';
}

/** Which address is in use is the engine's to know. */
function losesAddress(from: LinkConfig, to: LinkConfig): boolean {
  const stay = new Set(to.routes.map(({ dialUrl }) => dialUrl));
  return from.routes.some(({ dialUrl }) => !stay.has(dialUrl));
}

/** Everything of a preset that changes what is said on the socket. Its knobs and channels are compared as link values. */
function dialectText(preset: Preset): string {
  const { venue, source, facts_as_of, note, url, more_urls, knobs, channels, ...rest } = preset;
  const { rest_url, rest_warm_path, rest_warm_method, ...dialect } = rest;
  return JSON.stringify(dialect);
}

const urlText = (link: LinkConfig): string => (link.demo ? `${link.url} (${link.dialUrl})` : link.url);
const routesText = (link: LinkConfig): string =>
  link.routes
    .slice(1)
    .map(({ url }) => url)
    .join(', ') || 'none';
const presetText = (link: LinkConfig): string => link.presetName ?? 'none';
const messagesText = (link: LinkConfig): string => JSON.stringify(link.subscriptions);
const namesText = (link: LinkConfig): string => link.subscriptions.map((one) => one.name).join(', ') || 'nothing';
const caText = (link: LinkConfig): string => (link.ca === null ? 'the system’s' : 'an own authority');
