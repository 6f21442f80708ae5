import { spawnSync } from 'node:child_process';

/** Debian's `prometheus` brings `promtool` with it: `apt-get install prometheus`. */
export const hasPrometheus = (): boolean =>
  ['prometheus', 'promtool'].every((program) => spawnSync(program, ['--version']).status === 0);
