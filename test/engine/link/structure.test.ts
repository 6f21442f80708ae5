import { afterEach, expect, it } from 'vitest';
import { linkConfig } from '../../support/linkConfig.ts';
import { LinkRig } from '../../support/linkRig.ts';

let rig: LinkRig;
afterEach(() => rig.end());

it('[D1] a message to a healthy link changes clocks and counts only; where something is wrong it may change more', async () => {
  const policy = { pingIntervalMs: 1000, dataNoticeMs: 60_000 };
  rig = new LinkRig(linkConfig({ name: 'venue', expectsData: true, policy }));
  await rig.openAndAnswer();
  rig.net.newest.text('{"price":1}');
  await rig.answering(12_000);
  const { figures, revision } = rig.link;
  const heard = () => {
    const before = { revision: revision.number, structure: figures.structure };
    rig.net.newest.text('{"price":2}');
    return { news: revision.number !== before.revision, structural: figures.structure !== before.structure };
  };
  expect(figures.view().health.level).toBe('healthy');
  expect(heard()).toEqual({ news: true, structural: false });
  await rig.answering(70_000);
  expect(figures.view().health.level).toBe('degraded');
  expect(heard()).toEqual({ news: true, structural: true });
});
