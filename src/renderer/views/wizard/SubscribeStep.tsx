import { plural } from '../../format.ts';
import { ScrollBox } from '../../ui/ScrollBox.tsx';
import { Fault, Field } from './Field.tsx';
import { symbolsIn } from './symbols.ts';
import type { Wizard } from './useWizard.ts';
import { VenueFacts } from './VenueFacts.tsx';
import { trialInputOf } from './wizardState.ts';

const SHOWN = 100;

/** Channels times symbols, or messages as they stand; and the address. */
export function SubscribeStep({ wizard }: { readonly wizard: Wizard }) {
  const { state, card } = wizard;
  return (
    <>
      <div className="fields">
        {state.choice.kind === 'own' && <AddressField wizard={wizard} />}
        {card !== undefined && card.channels.length > 0 && <ChannelFields wizard={wizard} />}
        {state.choice.kind === 'own' && <MessagesField wizard={wizard} />}
        {state.choice.kind === 'preset' && <AddressField wizard={wizard} />}
      </div>
      {state.choice.kind === 'own' ? (
        <VenueFacts choice={state.choice} card={card} />
      ) : (
        <Subscriptions names={trialInputOf(state, card).subscribe} />
      )}
    </>
  );
}

function ChannelFields({ wizard }: { readonly wizard: Wizard }) {
  const { state, card, faults } = wizard;
  const symbols = symbolsIn(state.symbols);
  const toggle = (name: string): void =>
    wizard.change({
      channels: state.channels.includes(name)
        ? state.channels.filter((one) => one !== name)
        : [...state.channels, name],
    });
  return (
    <>
      <fieldset className="field-group" aria-describedby="channel-fault">
        <legend>Channels</legend>
        {card?.channels.map(({ name, wantsSymbol }) => (
          <label className="check" key={name}>
            <input type="checkbox" checked={state.channels.includes(name)} onChange={() => toggle(name)} />
            <code>{name}</code>
            {!wantsSymbol && <span className="dim">takes no symbol</span>}
          </label>
        ))}
        <Fault id="channel-fault" text={faults.channels} />
      </fieldset>
      <Field label="Symbols" unit={plural(symbols.length, 'symbol')} fault={faults.symbols}>
        {(ids) => (
          <textarea
            {...ids}
            className="wizard-input"
            rows={6}
            spellCheck={false}
            value={state.symbols}
            placeholder={card?.example ?? ''}
            onChange={(event) => wizard.change({ symbols: event.target.value })}
          />
        )}
      </Field>
      <p className="foot">
        As the venue spells them{card?.example == null ? '' : ` (${card.example})`}, separated by spaces, commas or
        lines.
      </p>
    </>
  );
}

function AddressField({ wizard }: { readonly wizard: Wizard }) {
  const { state, card, faults } = wizard;
  const own = state.choice.kind === 'own' || card?.addresses.length === 0;
  return (
    <Field label="Address" unit={own ? '' : 'empty: the preset’s own'} fault={faults.url}>
      {(ids) => (
        <input
          {...ids}
          className="wizard-input mono"
          type="text"
          spellCheck={false}
          autoComplete="off"
          value={state.url}
          placeholder={card?.addresses[0] ?? 'wss://HOST/PATH or tcp://HOST:PORT'}
          onChange={(event) => wizard.change({ url: event.target.value })}
        />
      )}
    </Field>
  );
}

function MessagesField({ wizard }: { readonly wizard: Wizard }) {
  return (
    <Field label="Messages after each connect" unit="one a line, sent as they stand; may be empty" fault={null}>
      {(ids) => (
        <textarea
          {...ids}
          className="wizard-input mono"
          rows={6}
          spellCheck={false}
          value={wizard.state.messages}
          placeholder={'{"op":"subscribe","channel":"ticker"}'}
          onChange={(event) => wizard.change({ messages: event.target.value })}
        />
      )}
    </Field>
  );
}

function Subscriptions({ names }: { readonly names: readonly string[] }) {
  return (
    <ScrollBox className="panel venue-facts" aria-label="Subscriptions">
      <h2>
        {plural(names.length, 'subscription')} <span className="dim">of one connection</span>
      </h2>
      {names.length === 0 && <p className="nothing">Nothing is subscribed.</p>}
      <ul className="names">
        {names.slice(0, SHOWN).map((name) => (
          <li key={name}>
            <code>
              <bdi>{name}</bdi>
            </code>
          </li>
        ))}
      </ul>
      {names.length > SHOWN && <p className="foot">and {names.length - SHOWN} more</p>}
    </ScrollBox>
  );
}
