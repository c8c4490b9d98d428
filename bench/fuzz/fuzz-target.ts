import fc from "fast-check";
import { EXIT_CODE, KanitError } from "../../core/index.ts";

/** One reader of foreign input, ready to read. */
export interface OpenedTarget extends AsyncDisposable {
  /**
   * Reads the input, or refuses it with a documented error. What it returns as text is what a user or a client sees of
   * it, in which there must be no stack.
   */
  readonly read: (input: string) => unknown;
}

/** One reader of foreign input, and the inputs to test it with. */
export interface FuzzTarget {
  readonly name: string;
  readonly inputs: fc.Arbitrary<string>;
  /** The number of its cases for each of a parser's: a connection takes more time, and a process the most. */
  readonly share: number;
  /** Documented errors, besides every KanitError. */
  readonly documented: (error: unknown) => boolean;
  /** Starts what the reader needs. */
  readonly open: () => Promise<OpenedTarget>;
}

/** The shares of what is not a parser. */
export const SHARES = { files: 0.3, sockets: 0.12, processes: 0.01 } as const;

/** A parser, which refuses only with a KanitError unless other errors are named. */
export function target(
  name: string,
  inputs: fc.Arbitrary<string>,
  read: OpenedTarget["read"],
  documented: FuzzTarget["documented"] = () => false,
): FuzzTarget {
  return {
    name,
    inputs,
    share: 1,
    documented: (error) => documented(error) || (error instanceof KanitError && !isDefect(error)),
    open: () => Promise.resolve({ read, [Symbol.asyncDispose]: () => Promise.resolve() }),
  };
}

/** The command line prints such an error with its stack. */
function isDefect({ exitCode }: KanitError): boolean {
  return exitCode === EXIT_CODE.internal;
}

/** A target of another share, or one that starts something first. */
export function slowTarget(
  name: string,
  share: number,
  inputs: fc.Arbitrary<string>,
  open: FuzzTarget["open"],
): FuzzTarget {
  return { ...target(name, inputs, () => undefined), share, open };
}

const ODD_TEXTS = [
  "",
  "\0",
  "\ud800",
  "\u2028",
  "__proto__",
  "constructor",
  "1e999",
  "-0",
  "9".repeat(400),
  "NaN",
];

/**
 * Texts that resemble a language: its words in any order, a valid text with a part removed, doubled or
 * replaced, deep nesting, and arbitrary text.
 */
export function textsNear(words: readonly string[], valid: readonly string[]): fc.Arbitrary<string> {
  const word = fc.constantFrom(...words, ...ODD_TEXTS);
  const whole = fc.constantFrom(...valid);
  const place = fc.double({ min: 0, max: 1, noNaN: true });
  const changed = fc
    .tuple(whole, place, place, word, fc.boolean())
    .map(([text, from, length, piece, doubles]) => {
      const start = Math.floor(from * text.length);
      const end = start + Math.floor(length * length * (text.length - start));
      return text.slice(0, doubles ? end : start) + piece + text.slice(doubles ? start : end);
    });
  const nested = fc.tuple(word, word, fc.nat({ max: 3_000 }), whole).map(([open, close, depth, text]) => {
    const times = open.length + close.length > 20 ? depth % 20 : depth;
    return open.repeat(times) + text.slice(0, 200) + close.repeat(times);
  });
  return fc.oneof(
    { weight: 40, arbitrary: fc.array(word, { maxLength: 12 }).map((words) => words.join("")) },
    { weight: 40, arbitrary: changed },
    { weight: 1, arbitrary: nested },
    { weight: 10, arbitrary: fc.string({ unit: "binary", maxLength: 60 }) },
  );
}

/**
 * JSON texts that resemble an object with these fields, each absent, plausible, or of any shape; or invalid
 * JSON.
 */
export function jsonNear(fields: Readonly<Record<string, readonly unknown[]>>): fc.Arbitrary<string> {
  const any = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom<unknown>(...ODD_TEXTS, 1e308, -1, [], {}),
  );
  const members = Object.entries(fields).map(([name, values]) =>
    fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom(...values).map((value) => [name, value] as const) },
      { weight: 1, arbitrary: any.map((value) => [name, value] as const) },
      { weight: 1, arbitrary: fc.constant(undefined) },
    ),
  );
  const object = fc
    .tuple(...members)
    .map((entries) => JSON.stringify(Object.fromEntries(entries.filter((entry) => entry !== undefined))));
  const broken = fc.tuple(object, fc.nat({ max: 200 })).map(([text, at]) => text.slice(0, at));
  return fc.oneof(
    { weight: 8, arbitrary: object },
    { weight: 1, arbitrary: broken },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.stringify(value)) },
  );
}
