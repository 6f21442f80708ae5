import type { DemoExchange } from '../../../shared/demoFault.ts';
import type { Standing } from '../../../shared/timeline.ts';
import type { Tone } from '../../standing.ts';

/** A promise's standing as a mark's shape and hue; the word stands beside it. */
export const STANDING_TONE: Readonly<Record<Standing, Tone>> = {
  kept: 'good',
  missed: 'bad',
  'not yet': 'idle',
  'no promise': 'idle',
  'does not apply': 'idle',
};

/** Why nobody would notice a fault here. */
export const standsText = ({ label, wire }: Pick<DemoExchange, 'label' | 'wire'>): string =>
  `No ${wire === 'HTTPS' ? 'pool' : 'link'} is connected to ${label}`;

/** Its label where `DEMO` has been said already. */
export const shortLabel = ({ label }: Pick<DemoExchange, 'label'>): string => label.replace(/^DEMO /, '');
