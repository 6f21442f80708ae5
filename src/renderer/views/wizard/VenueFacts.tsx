import { Fragment, type ReactNode } from 'react';
import type { PresetCard } from '../../../shared/presetCard.ts';
import { selectApp } from '../../store/engine.ts';
import { useEngineState } from '../../store/hooks.ts';
import { ScrollBox } from '../../ui/ScrollBox.tsx';
import { StatusMark } from '../../ui/StatusMark.tsx';
import type { Choice } from './wizardState.ts';

/** What is known of the chosen venue, where it was read, and what of it nobody has looked up. */
export function VenueFacts({ choice, card }: { readonly choice: Choice; readonly card: PresetCard | undefined }) {
  if (card === undefined) {
    return (
      <section className="panel venue-facts" aria-label="Facts">
        <p className="nothing">{choice.kind === 'own' ? OWN : 'Choose a venue to see how Warmwire talks to it.'}</p>
      </section>
    );
  }
  return (
    <ScrollBox className="panel venue-facts" aria-label="Facts">
      <h2>
        {card.label} <code className="dim">{card.name}</code>
      </h2>
      <dl>
        <Fact label="Address">
          {card.addresses.length === 0 ? 'none: each user has their own' : card.addresses.map(code)}
        </Fact>
        <Fact label="Channels">
          {card.channels.length === 0
            ? 'none: its messages are sent as they stand'
            : card.channels.map(({ name, wantsSymbol }) => code(wantsSymbol ? exampleOf(name, card.example) : name))}
        </Fact>
        <Fact label="Heartbeat">{card.heartbeat}</Fact>
        <Fact label="Limits">{card.limits.length === 0 ? 'none known' : card.limits.join('; ')}</Fact>
        <Fact label="Needs">
          {card.needs}
          {card.secrets.length > 0 ? <Secrets card={card} /> : card.needs === null && 'no account'}
        </Fact>
        <Fact label="Read at">
          <Source address={card.source} /> <span className="dim">in {card.factsAsOf}</span>
        </Fact>
        {card.notes.length > 0 && <Fact label="Notes">{card.notes.join(' ')}</Fact>}
        {card.fromMemory.length > 0 && (
          <Fact label="Not looked up">
            <StatusMark tone="warn" /> {card.fromMemory.join(' ')}
          </Fact>
        )}
      </dl>
    </ScrollBox>
  );
}

const OWN =
  'Any WebSocket (wss://, ws://) is pinged with WebSocket pings; a line server (tcp://, tls://) is not pinged, every line is data.';

const exampleOf = (channel: string, example: string | null): string => `${channel}:${example ?? 'SYMBOL'}`;

const code = (text: string): ReactNode => (
  <Fragment key={text}>
    <code className="piece">{text}</code>{' '}
  </Fragment>
);

function Fact({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div className="venue-fact">
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Secrets({ card }: { readonly card: PresetCard }) {
  return (
    <>
      credentials in Warmwire’s environment:{' '}
      {card.secrets.map(({ name, isSet }) => (
        <Fragment key={name}>
          <span className="secret">
            <code>{name}</code> <StatusMark tone={isSet ? 'good' : 'warn'} /> {isSet ? 'set' : 'not set'}
          </span>{' '}
        </Fragment>
      ))}
    </>
  );
}

/** The desktop opens only few addresses in the browser: there it is text to copy. */
function Source({ address }: { readonly address: string }) {
  const host = useEngineState(selectApp)?.host;
  if (host !== 'headless' || !address.startsWith('https://')) return code(address);
  return (
    <a href={address} target="_blank" rel="noreferrer" className="source">
      {address}
    </a>
  );
}
