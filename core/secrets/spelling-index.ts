import { decodingsAt, startsEscape } from "./decode-character.ts";
import { isBegunSeparator, isPlainAt, separatorEnds } from "./separators.ts";
import type { Spelling } from "./spellings.ts";

/** How many characters decide which spellings are read on, where the text has nothing but letters and digits. */
const LONGEST_KEY = 4;
/** So many separators in a row are looked behind; more of them are left to the reading. */
const MOST_SEPARATORS = 32;
const NONE: readonly Spelling[] = [];

/** Finds the spellings that may begin at a place in a text, which is none of them at most places. */
export class SpellingIndex {
  /** By their first characters: one, two, three and four of them. */
  readonly #byBeginning = new Map<string, Spelling[]>();

  add(spelling: Spelling): void {
    for (let length = 1; length <= LONGEST_KEY; length++) {
      const key = spelling.characters.slice(0, length);
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
    const found = this.#byBeginning.get(first);
    if (found === undefined || next >= text.length) return found ?? NONE;
    let length = 0;
    while (length < LONGEST_KEY - 1 && next + length < text.length && isPlainAt(text, next + length))
      length++;
    if (length > 0) return this.#byBeginning.get(first + lower.slice(next, next + length)) ?? NONE;
    const second = secondCharacters(text, lower, next);
    if (second === null) return found;
    return [...second].flatMap((character) => this.#byBeginning.get(first + character) ?? NONE);
  }
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
