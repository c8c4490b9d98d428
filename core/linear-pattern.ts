import { RE2JS, RE2JSSyntaxException } from "re2js";
import { UsageError } from "./kanit-error.ts";

/** Longer sources are refused. */
export const MAX_PATTERN_LENGTH = 1_024;
/**
 * The limit of instructions of a compiled source. Matching takes at worst their number times the length of
 * the text, about 6 ns each: 64 KiB within some 50 ms.
 */
export const MAX_PATTERN_INSTRUCTIONS = 128;
/** The number of compiled patterns that are cached. Each connection uses the same few. */
const MAX_CACHED = 64;

/** Plain ASCII without characters that are special in an expression. */
const LITERAL = /^[\w !"#%&',/:;<=>@`~-]*$/;

/** A regular expression that is matched anywhere in a text, without lookaround or backreferences. */
export interface LinearPattern {
  readonly source: string;
  test(text: string): boolean;
}

const compiled = new Map<string, LinearPattern>();

/**
 * Compiles an expression of RE2's syntax, matched anywhere and without regard to case. JavaScript's own
 * engine backtracks: a pattern such as `(a+)+$` takes practically forever on some thirty letters. RE2 takes
 * time proportional to the text, whatever the pattern.
 *
 * @throws UsageError `bad-pattern`
 */
export function linearPattern(source: string): LinearPattern {
  const known = compiled.get(source);
  if (known !== undefined) return known;
  if (source.length > MAX_PATTERN_LENGTH) {
    throw badPattern(`at most ${MAX_PATTERN_LENGTH} characters, got ${source.length}`);
  }
  const pattern = LITERAL.test(source) ? literalPattern(source) : compile(source);
  const [oldest] = compiled.keys();
  if (compiled.size >= MAX_CACHED && oldest !== undefined) compiled.delete(oldest);
  compiled.set(source, pattern);
  return pattern;
}

/** What is wrong with a pattern (`expected …`), or undefined when it compiles. */
export function patternComplaint(source: string): string | undefined {
  try {
    linearPattern(source);
    return undefined;
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
}

/** For literal text the engine's own search is linear, and sixty times as fast. */
function literalPattern(source: string): LinearPattern {
  const expression = new RegExp(source, "iu");
  return { source, test: (text) => expression.test(text) };
}

function compile(source: string): LinearPattern {
  const expression = parse(source);
  const size = expression.programSize();
  if (size > MAX_PATTERN_INSTRUCTIONS) {
    throw badPattern(`at most ${MAX_PATTERN_INSTRUCTIONS} instructions, got one that compiles to ${size}`);
  }
  return { source, test: (text) => expression.test(text) };
}

function parse(source: string): RE2JS {
  try {
    return RE2JS.compile(source, RE2JS.CASE_INSENSITIVE);
  } catch (cause) {
    if (!(cause instanceof RE2JSSyntaxException)) throw cause;
    throw badPattern(`RE2's syntax, got: ${cause.message}`, cause);
  }
}

function badPattern(expectation: string, cause?: unknown): UsageError {
  return new UsageError({
    code: "bad-pattern",
    message: `expected a regular expression of ${expectation}`,
    nextStep: "Write it in RE2's syntax, which has no look-around and no back-references.",
    cause,
  });
}
