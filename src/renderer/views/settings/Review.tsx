import { useRef } from 'react';
import type { Preview } from '../../../shared/contract.ts';
import type { SettingsProblem } from '../../../shared/settingsView.ts';
import { plural } from '../../format.ts';
import { NowMark } from '../../ui/NowMark.tsx';
import { StatusMark } from '../../ui/StatusMark.tsx';
import { problemText } from './problemText.ts';
import type { Previewed } from './usePreview.ts';

const NONE: readonly SettingsProblem[] = [];

/** What is wrong with the text, each entry a way to its place. Only an answer of this very text says that nothing is. */
export function ProblemList({
  previewed,
  onJump,
}: {
  readonly previewed: Previewed;
  readonly onJump: (problem: SettingsProblem) => void;
}) {
  const problems = previewed.preview?.problems ?? NONE;
  const answered = previewed.kind === 'answered';
  return (
    <section className={answered ? 'panel' : 'panel pending'} data-testid="settings-problems">
      <h2>
        Problems <span className="dim">{headText(previewed.kind, countText(problems))}</span>
      </h2>
      {problems.length === 0 && (
        <p className="nothing">
          {answered ? <NowMark tone="good" /> : <StatusMark tone="idle" />} {NOTHING_TEXT[previewed.kind]}
        </p>
      )}
      <ul className="problems">
        {problems.map((problem) => (
          <li key={`${problem.line}:${problem.column}:${problem.message}`}>
            <button type="button" onClick={() => onJump(problem)}>
              <StatusMark tone={problem.severity === 'error' ? 'bad' : 'warn'} />
              <span className="place">{placeText(problem)}</span>
              <span>
                {problem.path !== '' && <code>{problem.path}</code>} {problemText(problem)}
              </span>
            </button>
          </li>
        ))}
      </ul>
      <SpokenProblems previewed={previewed} />
    </section>
  );
}

const NOTHING_TEXT: Readonly<Record<Previewed['kind'], string>> = {
  answered: 'None in this text.',
  checking: 'Checking…',
  'not checked': 'Not checked: the engine is away.',
};

function headText(kind: Previewed['kind'], counts: string): string {
  if (kind === 'answered' || counts === '') return counts;
  return `${counts} of an earlier text, ${kind === 'checking' ? 'checking this one' : 'this one is not checked'}`;
}

function countText(problems: readonly SettingsProblem[]): string {
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const notices = problems.length - errors;
  return [errors > 0 ? plural(errors, 'error') : '', notices > 0 ? plural(notices, 'notice') : '']
    .filter(Boolean)
    .join(', ');
}

/** Tells a screen reader what came of a check, or that there is none; nothing while it is under way. */
function SpokenProblems({ previewed }: { readonly previewed: Previewed }) {
  const said = useRef('');
  if (previewed.kind !== 'checking') said.current = spokenText(previewed);
  return (
    <p className="visually-hidden" role="status">
      {said.current}
    </p>
  );
}

function spokenText({ kind, preview }: Previewed): string {
  const [first] = preview?.problems ?? NONE;
  if (kind !== 'answered') return 'This text is not checked while the engine is away';
  if (first === undefined) return 'No problems in this text';
  return `${countText(preview?.problems ?? NONE)}, the first at ${placeText(first)}: ${problemText(first)}`;
}

const placeText = ({ line, column }: SettingsProblem): string => `${line}:${column}`;

export const hasErrors = (preview: Preview | null): boolean =>
  preview?.problems.some((problem) => problem.severity === 'error') ?? false;
