import { decodingsAt, LONGEST_ESCAPE, startsEscape } from "./decode-character.ts";
import { isBegunSeparator, separatorEnds } from "./separators.ts";
import { SpellingIndex } from "./spelling-index.ts";
import type { Spelling } from "./spellings.ts";

/** The position of a secret in a text. */
export interface SecretSpan {
  readonly start: number;
  readonly end: number;
}

/** The result of a search. */
export interface SecretSearch {
  readonly spans: readonly SecretSpan[];
  /**
   * Where a secret may begin whose rest is not in the text yet; the text's length when there is none. One or two of its
   * characters are no reason to wait, since most texts end with them.
   */
  readonly openFrom: number;
}

/** From this length on, the beginning of a spelling counts: quoting a text often truncates it. */
const SHORTEST_BEGINNING = 12;
/** However long the spelling is, this many of its characters do not match by accident. */
const CERTAIN_BEGINNING = 24;
const SHORTEST_OPEN = 3;
/** From this length on, a beginning counts where the text is visibly cut off: at its end, or before an ellipsis. */
const SHORTEST_CUT = 8;
const CUT = /["']?(?:$|…|\.\.\.)/y;
/** Repeated escapes have several readings; this limits the time for a text that was made to have many. */
const STEP_LIMIT = 20_000;
const DEPTH_LIMIT = 1_500;
const NO_ENDS: readonly number[] = [];

interface Attempt {
  readonly spelling: Spelling;
  readonly text: string;
  /** The longest match: characters of the spelling, and the position in the text. */
  matched: number;
  end: number;
  /** Whether the text ended before the spelling did. */
  isOpen: boolean;
  steps: number;
  depth: number;
}

/**
 * Finds spellings of secrets in texts: in any case, with escaped characters, with line breaks in between, or
 * with the end cut off.
 */
export class SecretMatcher {
  readonly #spellings = new SpellingIndex();
  readonly #plainWords: ReadonlySet<string>;

  /** @param plainWords In lower case: words that a text may end with, although a secret begins with them. */
  constructor(plainWords: ReadonlySet<string>) {
    this.#plainWords = plainWords;
  }

  add(spelling: Spelling): void {
    this.#spellings.add(spelling);
  }

  search(text: string): SecretSearch {
    const spans: SecretSpan[] = [];
    if (this.#spellings.isEmpty) return { spans, openFrom: text.length };
    const lower = lowerCase(text);
    let openFrom = text.length;
    for (let start = 0; start < text.length; ) {
      const candidates = this.#spellings.candidatesAt(text, lower, start);
      if (candidates.length === 0) {
        start++;
        continue;
      }
      const { end, isOpen } = this.#readAll(candidates, text, start);
      if (isOpen) openFrom = Math.min(openFrom, start);
      if (end > start) spans.push({ start, end });
      start = Math.max(end, start + 1);
    }
    const begunEscape = escapeBegunAtEnd(text);
    return { spans, openFrom: Math.min(openFrom, begunEscape) };
  }

  #readAll(candidates: readonly Spelling[], text: string, start: number) {
    let end = start;
    let isOpen = false;
    for (const spelling of candidates) {
      const attempt: Attempt = { spelling, text, matched: 0, end: start, isOpen: false, steps: 0, depth: 0 };
      follow(attempt, 0, start);
      isOpen ||= attempt.isOpen && attempt.matched >= SHORTEST_OPEN;
      const isFound = attempt.matched >= leastOf(spelling) || this.#isCutOff(attempt, start);
      if (isFound) end = Math.max(end, attempt.end);
    }
    return { end, isOpen };
  }

  #isCutOff({ text, matched, end }: Attempt, start: number): boolean {
    CUT.lastIndex = end;
    if (matched < SHORTEST_CUT || !CUT.test(text)) return false;
    return !this.#plainWords.has(text.slice(start, end).toLowerCase());
  }
}

/**
 * In lower case, character by character: the lower case of some capitals has two characters, which
 * would shift all positions.
 */
function lowerCase(text: string): string {
  const lower = text.toLowerCase();
  return lower.length === text.length
    ? lower
    : text.replaceAll(/./gsu, (each) =>
        each.toLowerCase().length === each.length ? each.toLowerCase() : each,
      );
}

/** An escape that goes on to the end of the text. A line that ended has none: no escape contains its end. */
const BEGUN_ESCAPE = /[%\\&="'][\w%\\&="'#;{]*$/;

/**
 * Where an escape begins that the end of the text may have truncated; the text's length when there is none.
 */
function escapeBegunAtEnd(text: string): number {
  const from = Math.max(0, text.length - LONGEST_ESCAPE);
  const begun = text.slice(from).search(BEGUN_ESCAPE);
  return begun === -1 ? text.length : from + begun;
}

function leastOf({ characters }: Spelling): number {
  const half = Math.max(SHORTEST_BEGINNING, Math.ceil(characters.length / 2));
  return Math.min(characters.length, half, CERTAIN_BEGINNING);
}

/** Matches a spelling with the text. Returns whether this reading reaches the end of the spelling. */
function follow(attempt: Attempt, from: number, position: number): boolean {
  if (attempt.depth === DEPTH_LIMIT) return false;
  attempt.depth++;
  const isWhole = read(attempt, from, position);
  attempt.depth--;
  return isWhole;
}

function read(attempt: Attempt, from: number, position: number): boolean {
  const { spelling, text } = attempt;
  let next = from;
  let at = position;
  for (;;) {
    if (next > attempt.matched) {
      attempt.matched = next;
      attempt.end = at;
    }
    if (next === spelling.characters.length) return true;
    if (at >= text.length) {
      attempt.isOpen = true;
      return false;
    }
    if (++attempt.steps > STEP_LIMIT) return false;
    if (followEscape(attempt, next, at)) return true;
    const ends = next === 0 ? NO_ENDS : endsOfSeparator(attempt, at);
    if (text[at]?.toLowerCase() === spelling.characters[next]) {
      // Without separators there is only one reading, and no backtracking.
      if (ends.length > 0 && follow(attempt, next + 1, at + 1)) return true;
      if (ends.length === 0) {
        next++;
        at++;
        continue;
      }
    }
    const last = ends.at(-1);
    if (last === undefined) return false;
    if (ends.slice(0, -1).some((end) => follow(attempt, next, end))) return true;
    at = last;
  }
}

/** Reads an escaped character, or an escape for white space. */
function followEscape(attempt: Attempt, next: number, at: number): boolean {
  const { spelling, text } = attempt;
  if (!startsEscape(text[at] ?? "")) return false;
  if (text.length - at < LONGEST_ESCAPE) attempt.isOpen = true;
  return decodingsAt(text, at).some(({ character, end }) => {
    if (character === spelling.characters[next] && follow(attempt, next + 1, end)) return true;
    const isSpace = next > 0 && spelling.isLoose && character.trim() === "";
    return isSpace && follow(attempt, next, end);
  });
}

function endsOfSeparator(attempt: Attempt, at: number): readonly number[] {
  if (isBegunSeparator(attempt.text, at)) attempt.isOpen = true;
  return separatorEnds(attempt.text, at, attempt.spelling.isLoose);
}
