/** What is being typed into a field. */
export interface Typing {
  readonly typed: string;
  /** What the text said when it began, or what was typed last once the text had that. */
  readonly before: string;
  /** What this typing has made of the text, as a field shows it: it may be read one after the other. */
  readonly made: readonly string[];
}

export const startTyping = (value: string): Typing => ({ typed: value, before: value, made: [] });

/** The same where the text now says `value`; `null` where that is not of this typing: then the text counts. */
export function typingAt(typing: Typing, value: string): Typing | null {
  const { before, made } = typing;
  if (value === before) return typing;
  if (value === made.at(-1)) return { ...typing, before: value };
  return made.includes(value) ? typing : null;
}
