import { expect, it } from 'vitest';
import { VenuePulse } from '../../../src/main/engine/link/venuePulse.ts';
import { PresetSchema } from '../../../src/shared/preset.ts';
import { monoMs } from '../../../src/shared/units.ts';
import { JSON_PRESET, linkConfig } from '../../support/linkConfig.ts';
import { LinkRig } from '../../support/linkRig.ts';

function beaten(onlyWhileQuiet: boolean): VenuePulse {
  const pulse = new VenuePulse();
  for (let at = 0; at <= 9_000; at += 1_000) pulse.beat(monoMs(at), onlyWhileQuiet);
  return pulse;
}

it('[H6] [L20] 5. a beat that a venue leaves out while it sends data is not overdue among data, and is after them', () => {
  const pulse = beaten(true);
  expect(pulse.overdueMs(monoMs(60_000), monoMs(59_700))).toBeNull();
  expect(pulse.overdueMs(monoMs(62_100), monoMs(59_700))).toBeNull();
  expect(pulse.overdueMs(monoMs(62_300), monoMs(59_700))).toBe(1_600);
  expect(pulse.overdueMs(monoMs(12_000), null)).toBe(2_000);
});

it('[H6] [L20] 5. one that comes whether data flow or not is overdue among them', () => {
  expect(beaten(false).overdueMs(monoMs(12_000), monoMs(11_900))).toBe(2_000);
});

it('[L20] a heartbeat that stops together with a flood is missed: incident 5', async () => {
  const preset = PresetSchema.parse({ ...JSON_PRESET, ping: { kind: 'protocol' } });
  const rig = new LinkRig(linkConfig({ preset, expectsData: true }));
  rig.net.newest.open();
  for (let i = 0; i < 1_000; i += 1) {
    await rig.clock.advance(10);
    if (i % 100 === 0) rig.net.newest.text('{"op":"heartbeat"}');
    rig.net.newest.text(`{"s":"BTC","n":${i},"padding":"${'x'.repeat(80)}"}`);
  }
  expect(rig.view().about.sampled).toBe(true);
  await rig.answering(6_000);
  rig.tick();
  expect(rig.view().about.sampled).toBe(false);
  expect(rig.link.witness().open?.heartbeatMissedMs).toBeGreaterThan(3_000);
  rig.end();
});

it('[H6] [L20] 5. near miss: heartbeats of several channels are none overdue while each comes at its own time; together they are', async () => {
  const preset = PresetSchema.parse({ ...JSON_PRESET, heartbeats: [',"hb"'], heartbeats_always: false });
  for (const offsetsMs of [
    [0, 1_000],
    [0, 200, 400, 600, 800, 4_000],
  ]) {
    const rig = new LinkRig(linkConfig({ preset, expectsData: true }));
    rig.net.newest.open();
    const overdue = () => rig.link.witness().open?.heartbeatMissedMs ?? null;
    for (let ms = 0; ms < 90_000; ms += 100) {
      await rig.clock.advance(100);
      if (ms % 1_000 === 0) rig.net.newest.answer();
      offsetsMs.forEach((offsetMs, channel) => {
        if (ms % 15_000 === offsetMs) rig.net.newest.text(`[${channel},"hb",${ms}]`);
      });
      expect(overdue(), `at ${ms} ms`).toBeNull();
    }
    await rig.answering(26_000);
    expect(overdue()).toBeGreaterThan(5_000);
    rig.end();
  }
});

it('[H6] frames that begin differently each time are told by no channel, and kept for none', () => {
  const pulse = new VenuePulse();
  for (let at = 0; at < 10_000; at += 1) pulse.beat(monoMs(at * 1_000), false, `{"time":${at},`);
  expect(pulse.overdueMs(monoMs(20_000_000), null)).toBeNull();
});
