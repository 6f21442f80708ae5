import { type LinkConfig, type LinkSubscription, RAW_CHANNEL } from './engineConfig.ts';

/** Subscriptions that `to` no longer wants and that no message ends: only another socket is without them. */
export function onlyANewSocketEnds(from: LinkConfig, to: LinkConfig): readonly LinkSubscription[] {
  const wanted = new Set(to.subscriptions.map(({ name, subscribe }) => `${name}\0${subscribe}`));
  return from.subscriptions.filter((one) => !wanted.has(`${one.name}\0${one.subscribe}`) && !canEnd(one, from.preset));
}

/** Where each request replaces the one before, the next one leaves it out. */
function canEnd({ channel, unsubscribe }: LinkSubscription, { whole }: LinkConfig['preset']): boolean {
  return unsubscribe !== null || (whole !== undefined && channel !== RAW_CHANNEL);
}
