import fc from "fast-check";

/** A text that stands in a JSON document as it is, whether it is JSON or not. */
class Raw {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** The members of an object, of which some may have the same name. */
class Members {
  readonly entries: readonly (readonly [string, unknown])[];
  constructor(entries: readonly (readonly [string, unknown])[]) {
    this.entries = entries;
  }
}

type Step = string | number;
type Path = readonly Step[];

const nested = (open: string, close: string, depth: number) =>
  new Raw(`${open.repeat(depth)}1${close.repeat(depth)}`);

/** What no program that reads a field expects in it. */
const ODD_VALUES: readonly unknown[] = [
  ...[null, true, false, 0, -1, 0.5, 1e308, -1e308, 5e-324, 2 ** 53, 2 ** 31],
  ...[
    new Raw("1e400"),
    new Raw("-0"),
    new Raw("123456789012345678901234567890"),
    new Raw("NaN"),
    new Raw(""),
  ],
  ...["", " ", "NaN", "Infinity", "-1", "1e999", "0x10", "1_000", "__proto__", "constructor", "toString"],
  ...["\0", "\ud800", "\u001b[2J\u202e", "a\nb\r\nc", "../../../etc/passwd", "/proc/self/mem"],
  ...["<script>alert(1)</script>", "]]>", "|\n|-|", "#{process.exit()}", "'; DROP TABLE orders; --", "%00"],
  ...[[], [[]], [null], {}, { a: {} }, { toString: 1 }, { valueOf: null, toJSON: 1 }, { length: 1e9 }],
  ...[new Raw('{"__proto__":{"polluted":1}}'), new Raw('{"constructor":{"prototype":{"polluted":1}}}')],
  ...["(a+)+$", "{{ $labels.x }}", "sum(rate(x[1h:1ms]))", "2024-13-45T99:99:99Z", "http://evil.example/"],
  ...["x".repeat(5_000), Array.from({ length: 1_000 }, () => 1), new Raw(`"${"9".repeat(400)}"`)],
  ...[nested("[", "]", 3_000), nested('{"a":', "}", 3_000), nested("[", "]", 20), nested("[", "", 100)],
];
/** Names with a meaning of their own in every JavaScript object. */
const ODD_NAMES = [
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "length",
  "then",
  "",
  "a.b",
  "0",
];

/** Changes the value at a place; `choice` decides which of several changes it is. */
type Change = (value: unknown, choice: number) => unknown;

const pick = <T>(list: readonly T[], choice: number): T | undefined => list[choice % list.length];

const CHANGES: readonly Change[] = [
  (_, choice) => pick(ODD_VALUES, choice),
  (_, choice) => pick(ODD_VALUES, choice),
  (_, choice) => pick(ODD_VALUES, choice),
  (value, choice) => (choice % 2 === 0 ? [value] : { value }),
  (value) => (typeof value === "number" ? String(value) : textOf(value)),
  (value, choice) =>
    typeof value === "number" ? value * (pick([-1, 1e300, 1e-300, 1.5], choice) ?? 1) : value,
  withoutMember,
  withMoreMembers,
  withMemberTwice,
  renamed,
  (value, choice) => (Array.isArray(value) ? Array.from({ length: choice % 300 }, () => value[0]) : value),
  (value) => (Array.isArray(value) ? value.toReversed() : value),
];

function withoutMember(value: unknown, choice: number): unknown {
  if (Array.isArray(value)) return value.toSpliced(choice % (value.length + 1), 1);
  const entries = entriesOf(value);
  if (entries === null) return value;
  const gone = choice % (entries.length + 1);
  return new Members(entries.filter((_, index) => index !== gone));
}

function withMoreMembers(value: unknown, choice: number): unknown {
  const entries = entriesOf(value);
  if (entries === null) return value;
  return new Members([...entries, [pick(ODD_NAMES, choice) ?? "", pick(ODD_VALUES, choice >> 4)]]);
}

function withMemberTwice(value: unknown, choice: number): unknown {
  const entries = entriesOf(value);
  const [name] = pick(entries ?? [], choice) ?? [];
  return entries === null || name === undefined
    ? value
    : new Members([...entries, [name, pick(ODD_VALUES, choice >> 3)]]);
}

function renamed(value: unknown, choice: number): unknown {
  const entries = entriesOf(value);
  if (entries === null) return value;
  const at = choice % (entries.length + 1);
  return new Members(
    entries.map(([name, member], index) => [
      index === at ? (pick(ODD_NAMES, choice >> 3) ?? "") : name,
      member,
    ]),
  );
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] | null {
  if (value instanceof Members) return value.entries;
  if (typeof value !== "object" || value === null || Array.isArray(value) || value instanceof Raw)
    return null;
  return Object.entries(value);
}

/** All places in a document, its root first. */
function placesIn(value: unknown, path: Path = []): readonly Path[] {
  const below = Array.isArray(value)
    ? // A list's members resemble each other.
      value.slice(0, 4).flatMap((member, index) => placesIn(member, [...path, index]))
    : (entriesOf(value) ?? []).flatMap(([name, member]) => placesIn(member, [...path, name]));
  return [path, ...below];
}

/** The document with the value at a place changed. A place that is not there any more changes nothing. */
function changedAt(value: unknown, [step, ...rest]: Path, change: (value: unknown) => unknown): unknown {
  if (step === undefined) return change(value);
  if (Array.isArray(value)) {
    return value.map((member, index) => (index === step ? changedAt(member, rest, change) : member));
  }
  const entries = entriesOf(value);
  if (entries === null) return value;
  return new Members(
    entries.map(([name, member]) => [name, name === step ? changedAt(member, rest, change) : member]),
  );
}

/** The document as JSON, apart from what was made to be none. */
function textOf(value: unknown): string {
  if (value instanceof Raw) return value.text;
  if (Array.isArray(value)) return `[${value.map(textOf).join(",")}]`;
  const entries = entriesOf(value);
  if (entries === null) return JSON.stringify(value) ?? "null";
  return `{${entries.map(([name, member]) => `${JSON.stringify(name)}:${textOf(member)}`).join(",")}}`;
}

/** How many changes are made to a document. */
const CHANGES_AT_MOST = 3;
/** A longer text takes its time wherever it is read. */
const LONGEST_CHARACTERS = 300_000;

/**
 * JSON texts of documents that are valid but for one to three places: a value of another type, out of every range,
 * nested too deeply or of a name with a meaning of its own, a member that is missing, unknown or there twice.
 */
export function shapesOf(...documents: readonly unknown[]): fc.Arbitrary<string> {
  const known = documents.map((document) => ({ document, places: placesIn(document) }));
  const step = fc.tuple(fc.nat(), fc.nat(), fc.nat());
  return fc
    .tuple(fc.nat(), fc.array(step, { minLength: 1, maxLength: CHANGES_AT_MOST }))
    .map(([which, steps]) => {
      const { document, places } = pick(known, which) ?? { document: null, places: [[]] };
      const changed = steps.reduce<unknown>((value, [place, change, choice]) => {
        const apply = pick(CHANGES, change) ?? ((each: unknown) => each);
        return changedAt(value, pick(places, place) ?? [], (each) => apply(each, choice));
      }, document);
      return textOf(changed).slice(0, LONGEST_CHARACTERS);
    });
}
