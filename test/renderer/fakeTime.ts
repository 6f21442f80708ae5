import { type WallMs, wallMs } from '../../src/shared/units.ts';

/** The wall clock of a made-up engine; a frozen one always answers the same. */
export type FakeWall = () => WallMs;

export const realWall: FakeWall = () => wallMs(Date.now());
