import type { KeyboardEvent } from 'react';
import type { PresetCard } from '../../../shared/presetCard.ts';
import { plural } from '../../format.ts';
import type { Wizard } from './useWizard.ts';
import { VenueFacts } from './VenueFacts.tsx';

interface Group {
  readonly title: string;
  readonly cards: readonly PresetCard[];
}

/** All venues by what they ask for, and beside them what is known of the chosen one. */
export function VenueStep({ wizard }: { readonly wizard: Wizard }) {
  const { state, cards } = wizard;
  const groups = groupsOf(cards.filter((card) => matches(card, state.search)));
  const found = groups.reduce((sum, group) => sum + group.cards.length, 0);
  return (
    <>
      <div className="venue-pane">
        <input
          type="search"
          className="wizard-input"
          aria-label="Search venues"
          placeholder="Search: name, host or channel"
          value={state.search}
          onChange={(event) => wizard.change({ search: event.target.value })}
          onKeyDown={toFirstVenue}
        />
        <div className="venue-list">
          {groups.map((group) => (
            <VenueGroup key={group.title} group={group} wizard={wizard} />
          ))}
          {found === 0 && <p className="nothing">No venue of that name; “Own address” takes any other.</p>}
          <fieldset>
            <legend>Any other</legend>
            <label className="venue-row">
              <input
                type="radio"
                name="venue"
                checked={state.choice.kind === 'own'}
                onChange={() => wizard.choose({ kind: 'own' })}
              />
              <span>Own address</span>
              <span className="dim ellipsis">a WebSocket, or lines over TCP</span>
            </label>
          </fieldset>
        </div>
        <p className="foot" role="status">
          {state.search === '' ? countText(cards) : `${found} of ${plural(cards.length, 'preset')}`}
        </p>
      </div>
      <VenueFacts choice={state.choice} card={wizard.card} />
    </>
  );
}

function VenueGroup({ group, wizard }: { readonly group: Group; readonly wizard: Wizard }) {
  const { choice } = wizard.state;
  if (group.cards.length === 0) return null;
  return (
    <fieldset>
      <legend>{group.title}</legend>
      {group.cards.map((card) => (
        <label className="venue-row" key={card.name}>
          <input
            type="radio"
            name="venue"
            checked={choice.kind === 'preset' && choice.name === card.name}
            onChange={() => wizard.choose({ kind: 'preset', name: card.name })}
          />
          <span>{card.label}</span>
          <code className="dim ellipsis">{card.name}</code>
          {card.demo && <span className="badge">DEMO</span>}
          {card.secrets.length > 0 && (
            <span className="badge">
              {card.secrets.every(({ isSet }) => isSet) ? 'CREDENTIALS SET' : 'CREDENTIALS'}
            </span>
          )}
        </label>
      ))}
    </fieldset>
  );
}

/** Real venues and demo exchanges apart: the former is what one comes for. */
function countText(cards: readonly PresetCard[]): string {
  const demos = cards.filter(({ demo }) => demo).length;
  return `${plural(cards.length - demos, 'preset')} of real venues, ${demos} of demo exchanges`;
}

function groupsOf(cards: readonly PresetCard[]): readonly Group[] {
  const needsKey = (card: PresetCard): boolean => card.secrets.length > 0 || card.needs !== null;
  return [
    { title: 'Public market data', cards: cards.filter((card) => !card.demo && !needsKey(card)) },
    { title: 'Need credentials', cards: cards.filter((card) => !card.demo && needsKey(card)) },
    { title: 'Demo exchanges inside Warmwire', cards: cards.filter(({ demo }) => demo) },
  ];
}

function matches(card: PresetCard, search: string): boolean {
  const text = [card.label, card.name, ...card.addresses, ...card.channels.map(({ name }) => name)].join(' ');
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.toLowerCase().includes(word));
}

/** From the search into what it found. */
function toFirstVenue(event: KeyboardEvent<HTMLInputElement>): void {
  if (event.key !== 'ArrowDown') return;
  event.preventDefault();
  const list = event.currentTarget.parentElement;
  const chosen = list?.querySelector<HTMLInputElement>('input[type="radio"]:checked');
  const first = chosen ?? list?.querySelector<HTMLInputElement>('input[type="radio"]');
  first?.focus();
  if (chosen === null) first?.click();
}
