import { describe, expect, it } from 'vitest';
import { diffSettings } from '../../src/main/settings/diff.ts';
import { BUILT_IN, knobs } from '../../src/shared/knobs.ts';
import { KNOB_NAMES } from '../../src/shared/policyFields.ts';
import { factsOf } from '../../src/shared/settingsKey.ts';
import { resolved, surroundings } from './fixtures.ts';

const A = '[link.a]\nurl = "wss://a/"\n';
const changes = (from: string, to: string) => diffSettings(resolved(from).config, resolved(to).config);

describe('diffSettings', () => {
  it('[D3] nothing changed is nothing listed, whatever moved in the text', () => {
    const b = '[link.b]\nurl = "wss://b/"\n';
    expect(changes(A + b, `# hello\n${b}${A}missed_pongs = 3\n`)).toEqual([]);
  });

  it.each(KNOB_NAMES)('[D3] %s does what the schema says of it', (knob) => {
    const built = BUILT_IN[knob];
    const other =
      typeof built === 'boolean'
        ? !built
        : typeof built === 'string'
          ? '"full"'
          : knob === 'jitter_factor'
            ? 0.5
            : built + 1;
    const [change, ...rest] = changes(A, `${A}${knob} = ${other}\n`);
    expect(rest).toEqual([]);
    expect(change?.effect).toBe(factsOf(knobs[knob])?.effect);
    expect(change?.keys.map((key) => key.key)).toEqual([knob]);
    expect(change?.keys[0]?.from).toContain(String(built));
    expect(change?.keys[0]?.to).toContain(String(other).replaceAll('"', ''));
  });

  it('[D3] the strongest effect wins and every key is named from and to', () => {
    const [change] = changes(
      '[link.a]\npreset = "kraken_v2"\nsubscribe = ["ticker:X"]\n',
      '[link.a]\npreset = "kraken_v2"\nsubscribe = ["ticker:Y"]\nping_interval_secs = 7\n',
    );
    expect(change).toEqual({
      link: 'a',
      effect: 'resubscribe',
      keys: [
        { key: 'subscribe', from: 'ticker:X', to: 'ticker:Y', effect: 'resubscribe' },
        { key: 'ping_interval_secs', from: '15 s', to: '7 s', effect: 'live' },
      ],
    });
    expect(changes(A, A.replace('a/', 'b/'))[0]).toMatchObject({ effect: 'redial' });
  });

  it('[D3] [L9] leaving out what no message ends is a new socket, and says so', () => {
    const kalshi = (list: string): string => `[link.a]\npreset = "kalshi"\n${list}\n`;
    const [gone] = changes(kalshi('subscribe = ["ticker:X", "ticker:Y"]'), kalshi('subscribe = ["ticker:X"]'));
    expect(gone?.effect).toBe('redial');
    const [more] = changes(kalshi('subscribe = ["ticker:X"]'), kalshi('subscribe = ["ticker:X", "ticker:Y"]'));
    expect(more?.effect).toBe('resubscribe');
    const [raw] = changes(`${A}subscribe_raw = ["{}"]\n`, A);
    expect(raw?.effect).toBe('redial');
  });

  it('[D3] [L13] an address that goes may be the one in use, and that is said; one more changes nothing of the socket', () => {
    const link = (...more: string[]): string => `${A}more_urls = ${JSON.stringify(more)}\n`;
    const [gone] = changes(link('wss://b/', 'wss://c/'), link('wss://c/'));
    expect(gone).toMatchObject({ effect: 'readdress', keys: [{ from: 'wss://b/, wss://c/', to: 'wss://c/' }] });
    expect(changes(link('wss://b/'), link('wss://c/', 'wss://b/'))[0]?.effect).toBe('live');
    expect(changes(link('wss://b/', 'wss://c/'), link('wss://c/', 'wss://b/'))[0]?.effect).toBe('live');
    expect(changes(link('wss://b/'), `${link()}compression = true\n`)[0]?.effect).toBe('redial');
  });

  it('[D3] a [connection] key changes every link that has no value of its own', () => {
    const links = `${A}[link.b]\nurl = "wss://b/"\nping_interval_secs = 4\n`;
    const result = changes(links, `[connection]\nws_ping_interval_secs = 8\n${links}`);
    expect(result.map((change) => change.link)).toEqual(['a']);
  });

  it('[D3] added, removed, paused and resumed', () => {
    const b = '[link.b]\nurl = "wss://b/"\n';
    expect(changes(A, b).map((change) => [change.link, change.effect])).toEqual([
      ['b', 'added'],
      ['a', 'removed'],
    ]);
    expect(changes(A, `${A}enabled = false\n`)[0]?.effect).toBe('paused');
    expect(changes(`${A}enabled = false\n`, A)[0]?.effect).toBe('resumed');
    const paused = `${A}enabled = false\n`;
    expect(changes(paused, paused.replace('a/', 'z/'))[0]?.effect, 'a paused link has no socket').toBe('live');
  });

  it('[D3] another preset, and another dialect under the same name, re-dial; another note does not', () => {
    const text = '[link.a]\nurl = "wss://a/"\npreset = "kraken_v2"\n';
    expect(changes(text, text.replace('kraken_v2', 'okx_v5'))[0]?.effect).toBe('redial');
    const kraken = surroundings.presets.get('kraken_v2');
    if (kraken === undefined) throw new Error('no preset');
    const withPreset = (part: object) =>
      resolved(text, { presets: new Map([['kraken_v2', { ...kraken, ...part }]]) }).config;
    expect(diffSettings(resolved(text).config, withPreset({ refusal: 'no' }))[0]?.effect).toBe('redial');
    expect(diffSettings(resolved(text).config, withPreset({ note: 'new' }))).toEqual([]);
  });

  it('[D3] a demo exchange that listens elsewhere is dialled there', () => {
    const text = '[link.a]\npreset = "demo_tokyo"\n';
    const moved = resolved(text, { demoAddresses: new Map([['tokyo', 'ws://127.0.0.1:5/']]) }).config;
    expect(diffSettings(resolved(text).config, moved)[0]).toMatchObject({ effect: 'redial' });
  });
});
