import fc from "fast-check";

/** Keys with a special meaning in every JavaScript object. */
const SPECIAL_KEYS = ["toString", "valueOf", "toJSON", "__proto__", "constructor", "then", "length", "at"];

/** Nested lists or objects, up to far more levels than the stack allows. */
const nested = fc
  .tuple(fc.constantFrom<[string, string]>(["[", "]"], ['{"a":', "}"]), fc.integer({ min: 1, max: 9_000 }))
  .map(([[open, close], depth]) => `${open.repeat(depth)}1${close.repeat(depth)}`);

const oddText = fc.constantFrom(
  "\ud800",
  "\u0000",
  "constructor",
  "__proto__",
  "1e999",
  "%",
  "%ff",
  "ı",
  "@",
  ":",
);

/** JSON texts of any shape, including those on which code that trusts its input fails. */
export const hostileJson: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.json({ maxDepth: 4 }) },
  fc
    .dictionary(fc.constantFrom(...SPECIAL_KEYS), fc.jsonValue({ maxDepth: 2 }))
    .map((value) => JSON.stringify(value)),
  fc.constantFrom(...SPECIAL_KEYS).map((key) => `{"${key}":1}`),
  nested,
  oddText.map((text) => JSON.stringify(text)),
  fc.constantFrom("1e400", "-0", "9007199254740993", "null", '""', "[]", "{}"),
);

/** JSON texts of objects with these fields, each absent, valid as a client sends it, or of any shape. */
export function nearlyValid(fields: Readonly<Record<string, readonly unknown[]>>): fc.Arbitrary<string> {
  const members = Object.entries(fields).map(([name, values]) =>
    fc.oneof(
      {
        weight: 3,
        arbitrary: fc.constantFrom(...values).map((value) => `"${name}":${JSON.stringify(value)}`),
      },
      { weight: 2, arbitrary: hostileJson.map((json) => `"${name}":${json}`) },
      fc.constant(undefined),
    ),
  );
  return fc.tuple(...members).map((texts) => `{${texts.filter((text) => text !== undefined).join(",")}}`);
}
