const LETTERS = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const CUT = '…';
/** So many letters of its beginning are always seen, and of its end where there is room and no word begins. */
const LEAST_HEAD = 3;
const END = 8;
const BETWEEN_WORDS = /[\s\-_.:/]/;

type Fits = (text: string) => boolean;

/**
 * A name that does not fit, cut in its middle where it is still told from the others: at the start of a word if that does,
 * with as long a beginning as there is room for; where one cut does not, twice, about where those like it differ. As it is
 * where it fits, and where there is no room for any cut. The others are looked at once, for all rooms; `fits`, which measures,
 * is asked a few dozen times at most, however long the name is.
 */
export function cutterOf(name: string, among: readonly string[]): (fits: Fits) => string {
  let known: Known | null = null;
  return (fits) => {
    if (fits(name)) return name;
    known ??= knownOf(name, among);
    const { heads } = known;
    return cutOnce(known, heads, fits) ?? cutTwice(known, fits) ?? cutOnce(known, [], fits) ?? name;
  };
}

/** A text by its letters as they are seen, each of which may be several code units. */
class Letters {
  readonly text: string;
  /** Where each begins, and the last one ends. */
  readonly #edges: number[] = [0];
  /** How many lie wholly within the first so many units. */
  readonly #within: number[] = [];

  constructor(text: string) {
    this.text = text;
    for (const { index, segment } of LETTERS.segment(text)) {
      for (let unit = 0; unit < segment.length; unit += 1) this.#within.push(this.count);
      this.#edges.push(index + segment.length);
    }
    this.#within.push(this.count);
  }

  get count(): number {
    return this.#edges.length - 1;
  }

  slice(from: number, to = this.count): string {
    return this.text.slice(this.#edges[from], this.#edges[to]);
  }

  endsWord(at: number): boolean {
    return BETWEEN_WORDS.test(this.slice(at, at + 1));
  }

  /** How many of the first ones `other` begins with. */
  commonStart(other: string): number {
    const { text } = this;
    let units = 0;
    while (units < text.length && text.charCodeAt(units) === other.charCodeAt(units)) units += 1;
    return this.#within[units] ?? 0;
  }

  /** How many of the last ones `other` ends with. */
  commonEnd(other: string): number {
    const { text } = this;
    let [at, otherAt] = [text.length, other.length];
    while (at > 0 && text.charCodeAt(at - 1) === other.charCodeAt(otherAt - 1)) {
      at -= 1;
      otherAt -= 1;
    }
    return this.count - ((this.#within[at - 1] ?? -1) + 1);
  }
}

/** A name, and what tells it from those that begin as it does. */
interface Known {
  readonly letters: Letters;
  /** Where the end that is kept may begin. */
  readonly tails: readonly number[];
  /** With so many letters of its end, how many of its beginning. */
  readonly heads: readonly number[];
  /** How many letters they begin with in common with it: each number once, smallest first. */
  readonly starts: readonly number[];
}

function knownOf(name: string, among: readonly string[]): Known {
  const letters = new Letters(name);
  const heads = new Array<number>(letters.count + 1).fill(LEAST_HEAD);
  const starts = new Set<number>();
  for (const other of among) {
    const start = letters.commonStart(other);
    if (start < LEAST_HEAD || other === name) continue;
    starts.add(start);
    const end = letters.commonEnd(other);
    heads[end] = Math.max(heads[end] ?? 0, start + 1);
  }
  for (let tail = letters.count - 1; tail >= 0; tail -= 1)
    heads[tail] = Math.max(heads[tail] ?? 0, heads[tail + 1] ?? 0);
  return { letters, tails: tailsOf(letters), heads, starts: [...starts].sort((a, b) => a - b) };
}

/** At each word from the last one on, then at any letter, a short end last. */
function tailsOf(letters: Letters): readonly number[] {
  const all = Array.from({ length: letters.count }, (_, index) => index).filter((index) => index > LEAST_HEAD);
  const words = all.filter((at) => letters.endsWord(at - 1) && !letters.endsWord(at));
  const isShort = (at: number): boolean => at > letters.count - END;
  return [...words.reverse(), ...all.filter((at) => !isShort(at)).reverse(), ...all.filter(isShort)];
}

/** A beginning and an end that none of those like it has both of: `heads` says which. */
function cutOnce({ letters, tails }: Known, heads: readonly number[], fits: Fits): string | null {
  const tooLong: { readonly head: number; readonly tail: number }[] = [];
  for (const from of tails) {
    const tail = letters.count - from;
    const head = heads[tail] ?? LEAST_HEAD;
    if (tooLong.some((tried) => tried.head <= head && tried.tail <= tail)) continue;
    const cut = longest(head, from - 1, (to) => letters.slice(0, to) + CUT + letters.slice(from), fits);
    if (cut !== null) return cut;
    tooLong.push({ head, tail });
  }
  return null;
}

/** The letters in which it differs from those like it, from a word's start where there is room. */
function cutTwice({ letters, starts }: Known, fits: Fits): string | null {
  const last = starts.at(-1);
  if (last === undefined) return null;
  for (const { head, start } of [longestCommon(starts), { head: LEAST_HEAD, start: last }]) {
    let word = start;
    while (word > head && !letters.endsWord(word - 1)) word -= 1;
    for (const from of [word, start]) {
      const before = from > head + 1 ? letters.slice(0, head) + CUT : letters.slice(0, from);
      const cut = longest(last + 1, letters.count - 1, (to) => before + letters.slice(from, to) + CUT, fits);
      if (cut !== null) return cut;
    }
  }
  return null;
}

/** The longest stretch that all have in common which the letters before it do not tell from this one. */
function longestCommon(starts: readonly number[]): { readonly head: number; readonly start: number } {
  const all = starts.map((start, i) => ({ head: i === 0 ? LEAST_HEAD : (starts[i - 1] ?? 0) + 1, start }));
  return all.reduce((a, b) => (b.start - b.head > a.start - a.head ? b : a));
}

/** The longest text that fits, given that a longer one is wider; `null` if not even the least does. */
function longest(least: number, most: number, textOf: (length: number) => string, fits: Fits): string | null {
  if (least > most || !fits(textOf(least))) return null;
  let [fitting, end] = [least, most];
  while (fitting < end) {
    const middle = Math.ceil((fitting + end) / 2);
    if (fits(textOf(middle))) fitting = middle;
    else end = middle - 1;
  }
  return textOf(fitting);
}
