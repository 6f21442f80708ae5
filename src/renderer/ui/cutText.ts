const LETTERS = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const CUT = '…';
/** So many letters of its beginning are always seen, and of its end where nothing tells it from the others. */
const LEAST_HEAD = 3;
const END = 8;
const BETWEEN_WORDS = /[\s\-_.:/]/;

/**
 * A name that does not fit, cut in its middle where it is still told from the others: at the start of a word if that does,
 * with as long a beginning as there is room for; where one cut does not, twice, about the word that differs. As it is where
 * it fits, and where there is no room for any cut.
 */
export function cutName(name: string, among: readonly string[], fits: (text: string) => boolean): string {
  if (fits(name)) return name;
  const letters = [...LETTERS.segment(name)].map(({ segment }) => segment);
  for (const from of tailStarts(letters)) {
    const cut = cutBefore(letters, from, fits);
    if (cut === null) continue;
    const [head, tail] = cut;
    if (among.every((other) => other === name || !other.startsWith(head) || !other.endsWith(tail)))
      return head + CUT + tail;
  }
  return cutAbout(letters, name, among, fits) ?? cutBefore(letters, letters.length - END, fits)?.join(CUT) ?? name;
}

const startsWord = (letters: readonly string[], at: number): boolean =>
  BETWEEN_WORDS.test(letters[at - 1] ?? '') && !BETWEEN_WORDS.test(letters[at] ?? '');

/** Where the end that is kept may begin: at each word from the last one on, then at any letter. */
function tailStarts(letters: readonly string[]): readonly number[] {
  const all = letters.map((_, index) => index).filter((index) => index > LEAST_HEAD);
  const words = all.filter((at) => startsWord(letters, at));
  return [...words.reverse(), ...all.filter((at) => at <= letters.length - END).reverse()];
}

/** The longest beginning that has room before this end; `null` if there is room for none. */
function cutBefore(letters: readonly string[], from: number, fits: (text: string) => boolean): [string, string] | null {
  const tail = letters.slice(from).join('');
  for (let length = from - 1; length >= LEAST_HEAD; length -= 1) {
    const head = letters.slice(0, length).join('');
    if (fits(head + CUT + tail)) return [head, tail];
  }
  return null;
}

/** The word in which it differs from the name most like it, and what follows, as far as there is room. */
function cutAbout(
  letters: readonly string[],
  name: string,
  among: readonly string[],
  fits: (text: string) => boolean,
): string | null {
  let same = 0;
  for (const other of among) if (other !== name) same = Math.max(same, sameLetters(letters, other));
  let from = same;
  while (from > LEAST_HEAD && !startsWord(letters, from)) from -= 1;
  const head = letters.slice(0, LEAST_HEAD).join('') + CUT;
  for (let to = letters.length - 1; to > same; to -= 1) {
    const text = head + letters.slice(from, to).join('') + CUT;
    if (fits(text)) return text;
  }
  return null;
}

/** How many letters both begin with. */
function sameLetters(letters: readonly string[], other: string): number {
  let [count, at] = [0, 0];
  for (const letter of letters) {
    if (!other.startsWith(letter, at)) break;
    count += 1;
    at += letter.length;
  }
  return count;
}
