import { decodingsAt, startsEscape } from "./decode-character.ts";
import {
  isBegunSeparator,
  isOrdinaryAt,
  isPlainAt,
  separatorEnds,
  singleSeparatorsEnd,
} from "./separators.ts";
import type { Spelling } from "./spellings.ts";

/** How many characters decide which spellings are read on, where the text has nothing but letters and digits. */
const LONGEST_KEY = 4;
/** The size of the table that says of most beginnings that there are none. A power of two. */
const TABLE_SIZE = 1 << 17;
/** So many separators in a row are looked behind; more of them are left to the reading. */
const MOST_SEPARATORS = 32;
const NONE: readonly Spelling[] = [];

/** Finds the spellings that may begin at a place in a text, which is none of them at most places. */
export class SpellingIndex {
  /** By their first characters: one, two, three and four of them. */
  readonly #byBeginning = new Map<string, Spelling[]>();
  /** Whether any beginning has this hash: rejects most places of a text without taking a string of it. */
  readonly #hashes = new Uint8Array(TABLE_SIZE);

  add(spelling: Spelling): void {
    for (let length = 1; length <= LONGEST_KEY; length++) {
      const key = spelling.characters.slice(0, length);
      this.#hashes[hashOf(key, 0, key.length)] = 1;
      const found = this.#byBeginning.get(key);
      if (found === undefined) this.#byBeginning.set(key, [spelling]);
      else found.push(spelling);
    }
  }

  get isEmpty(): boolean {
    return this.#byBeginning.size === 0;
  }

  /** @param lower The text in lower case, character by character. */
  candidatesAt(text: string, lower: string, start: number): readonly Spelling[] {
    const first = lower[start] ?? "";
    const direct = this.#beginningWith(first, text, lower, start + 1);
    if (!startsEscape(first)) return direct;
    const decodings = decodingsAt(text, start);
    if (decodings.length === 0) return direct;
    const decoded = decodings.flatMap(({ character, end }) =>
      this.#beginningWith(character, text, lower, end),
    );
    return [...new Set([...decoded, ...direct])];
  }

  /** Those that begin with a character whose next one, if it is not separated, is at `next`. */
  #beginningWith(first: string, text: string, lower: string, next: number): readonly Spelling[] {
    if (this.#hashes[hashOf(first, 0, first.length)] === 0) return NONE;
    if (next >= text.length) return this.#byBeginning.get(first) ?? NONE;
    let length = 0;
    while (length < LONGEST_KEY - 1 && next + length < text.length && isPlainAt(text, next + length))
      length++;
    if (length > 0) return this.#get(first, lower, next, length);
    const end = singleSeparatorsEnd(text, next);
    const isSimple = isOrdinaryAt(text, end) || isPlainAt(text, end);
    if (isSimple && end - next < MOST_SEPARATORS) return this.#getAny(first, lower, next, end);
    const second = secondCharacters(text, lower, next);
    if (second === null) return this.#byBeginning.get(first) ?? NONE;
    return [...second].flatMap((character) => this.#byBeginning.get(first + character) ?? NONE);
  }

  /** Those that begin with a character and any one of the text from one place to another. */
  #getAny(first: string, lower: string, from: number, to: number): readonly Spelling[] {
    let found = NONE;
    for (let at = from; at <= to; at++) {
      const more = this.#get(first, lower, at, 1);
      if (more.length > 0) found = found.length === 0 ? more : [...new Set([...found, ...more])];
    }
    return found;
  }

  /** Those that begin with a character and so many of the text. */
  #get(first: string, lower: string, from: number, length: number): readonly Spelling[] {
    if (this.#hashes[hashOf(lower, from, length, hashOf(first, 0, first.length))] === 0) return NONE;
    return this.#byBeginning.get(first + lower.slice(from, from + length)) ?? NONE;
  }
}

/** A hash of so many characters of a text, after what was hashed before. */
function hashOf(text: string, from: number, length: number, before = 0): number {
  let hash = before;
  for (let at = from; at < from + length; at++)
    hash = (Math.imul(hash, 31) + text.charCodeAt(at) + 7) & (TABLE_SIZE - 1);
  return hash;
}

/** The characters that may be next, separators and escapes considered; null when it may be any. */
function secondCharacters(text: string, lower: string, from: number): ReadonlySet<string> | null {
  const characters = new Set<string>();
  const places = [from];
  for (const place of places) {
    if (place >= text.length || places.length > MOST_SEPARATORS || isBegunSeparator(text, place)) return null;
    characters.add(lower[place] ?? "");
    if (startsEscape(lower[place] ?? "")) {
      for (const { character } of decodingsAt(text, place)) characters.add(character);
    }
    for (const end of separatorEnds(text, place, true)) if (!places.includes(end)) places.push(end);
  }
  return characters;
}
