import fc from "fast-check";

/**
 * A change of a file that is made anew in each run, such as a signed one: it says where and how, and so is the same
 * whatever the file contains.
 */
export interface FileChange {
  /** Which of several files. */
  readonly file: number;
  /** Where the change begins and how much it replaces, as shares of the file. */
  readonly from: number;
  readonly length: number;
  /** What is put in its place. */
  readonly piece: string;
  /** Of a JSON file, which of its values is replaced by the piece, in place of a part of its text; null: none. */
  readonly value: number | null;
}

const JSON_PIECES = [
  ...[
    "null",
    "0",
    "-1",
    "1e400",
    '""',
    "[]",
    "{}",
    "true",
    '"__proto__"',
    '{"__proto__":{"a":1}}',
    "[[[[]]]]",
  ],
  ...[
    '"\\u0000"',
    '"../../../etc/passwd"',
    '"2025-13-45"',
    '"9999-12-31T00:00:00.000Z"',
    '"Zm9v"',
    "9".repeat(400),
  ],
  ...[`"${"x".repeat(5_000)}"`, "[".repeat(3_000), '{"a":'.repeat(3_000), '"-----BEGIN PRIVATE KEY-----"'],
];
const TEXT_PIECES = [
  "",
  "\n",
  "\r\n",
  "\0",
  "\ufeff",
  " ",
  "  data/x",
  "a".repeat(64),
  "../x",
  "\u2028",
  "\ud800",
];

/** Changes of one of several files, as JSON. */
export const fileChanges: fc.Arbitrary<string> = fc
  .record({
    file: fc.nat({ max: 1_000 }),
    from: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.double({ min: 0, max: 1, noNaN: true }).map((share) => share ** 4),
    value: fc.option(fc.nat({ max: 200 })),
    piece: fc.nat(),
  })
  .map(({ piece, ...change }) => {
    const pieces = change.value === null ? TEXT_PIECES : JSON_PIECES;
    return JSON.stringify({ ...change, piece: pieces[piece % pieces.length] });
  });

/** The changed text of a file. */
export function changedText(text: string, { from, length, piece, value }: FileChange): string {
  const place = value === null ? null : valuePlace(text, value);
  if (place !== null) return text.slice(0, place.start) + piece + text.slice(place.end);
  const start = Math.floor(from * text.length);
  return text.slice(0, start) + piece + text.slice(start + Math.ceil(length * (text.length - start)));
}

/** Where one of a JSON text's plain values stands; null in a text that has none. */
function valuePlace(text: string, number: number): { readonly start: number; readonly end: number } | null {
  const values = [...text.matchAll(/"(?:[^"\\]|\\.)*"(?!\s*:)|-?\d+(?:\.\d+)?|\btrue\b|\bfalse\b|\bnull\b/g)];
  const found = values[number % Math.max(1, values.length)];
  return found === undefined ? null : { start: found.index, end: found.index + found[0].length };
}
