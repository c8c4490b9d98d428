import { z } from "zod";
import { type DataPath, type Mistake, NOTHING, shown } from "./mistake.ts";
import { nearestTo } from "./nearest.ts";

/** The parsed data with defaults added, or all mistakes in them. */
export type ParsedData<Value> =
  | { readonly kind: "fits"; readonly value: Value }
  | { readonly kind: "mistakes"; readonly mistakes: readonly Mistake[] };

/**
 * Parses a user's data by a schema, and describes each mistake: where it is, what was
 * expected and what was found.
 */
export function parseData<Schema extends z.ZodType>(
  schema: Schema,
  data: unknown,
): ParsedData<z.output<Schema>> {
  const keys = new Map<string, readonly string[]>();
  const result = schema.safeParse(data, {
    // Only here the schema of the object is known.
    error: (issue) => {
      const { code, inst, path = [] } = issue;
      if (code === "unrecognized_keys" && inst instanceof z.ZodObject)
        keys.set(JSON.stringify(path), Object.keys(inst.shape));
      return undefined;
    },
  });
  if (result.success) return { kind: "fits", value: result.data };
  const mistakes = result.error.issues.flatMap((issue) =>
    issue.code === "unrecognized_keys"
      ? unknownKeys(issue.keys, issue.path, keys.get(JSON.stringify(issue.path)) ?? [])
      : [mistakeOf(issue, data)],
  );
  return { kind: "mistakes", mistakes: withoutMisspelled(mistakes) };
}

/** A key that is missing because it is misspelled beside is one mistake, and not two. */
function withoutMisspelled(mistakes: readonly Mistake[]): readonly Mistake[] {
  const misspelled = new Set(
    mistakes.flatMap(({ at, path, known }) => {
      const nearest = at === "key" ? nearestTo(String(path.at(-1)), known) : null;
      return nearest?.kind === "meant" ? [JSON.stringify([...path.slice(0, -1), nearest.name])] : [];
    }),
  );
  return mistakes.filter(
    ({ at, path, received }) => at === "key" || received !== NOTHING || !misspelled.has(JSON.stringify(path)),
  );
}

type Issue = z.core.$ZodIssue;

function unknownKeys(names: readonly string[], path: DataPath, known: readonly string[]): readonly Mistake[] {
  const expected = known.length === 0 ? "no keys" : `one of the keys ${known.join(", ")}`;
  return names.map((name) => ({
    path: [...path, name],
    at: "key",
    expected,
    received: shown(name),
    known,
  }));
}

function mistakeOf(issue: Issue, data: unknown): Mistake {
  const { path } = issue;
  const value = valueAt(data, path);
  const names = namesIn(issue);
  return {
    path,
    at: "value",
    expected: expectedOf(issue, names),
    received: shown(value),
    known: typeof value === "string" ? names : [],
  };
}

/** The names of which one was expected. */
function namesIn(issue: Issue): readonly string[] {
  if (issue.code === "invalid_value") return issue.values.map(String);
  if (issue.code === "invalid_union" && "options" in issue && Array.isArray(issue.options))
    return issue.options.map(String);
  if (issue.code === "custom" && Array.isArray(issue.params?.known)) return issue.params.known.map(String);
  return [];
}

const ARTICLES: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

/** Longer lists are not printed; the most similar names are. */
const LISTED_NAMES = 12;

function expectedOf(issue: Issue, names: readonly string[]): string {
  if (issue.message.startsWith("Expected ")) {
    return issue.message.slice("Expected ".length).replace(/\.$/, "");
  }
  if (names.length === 1) return shown(names[0]);
  if (names.length > 0) return names.length > LISTED_NAMES ? "a known name" : `one of ${names.join(", ")}`;
  switch (issue.code) {
    case "invalid_type":
      return ARTICLES[issue.expected] ?? issue.expected;
    case "too_small":
      return bound(issue.origin, issue.inclusive === false ? "more than" : "at least", issue.minimum);
    case "too_big":
      return bound(issue.origin, issue.inclusive === false ? "less than" : "at most", issue.maximum);
    default:
      return issue.message.replace(/^expected /i, "");
  }
}

const COUNTED: Readonly<Record<string, string>> = { string: "character", array: "entry" };

function bound(origin: string, relation: string, limit: number | bigint): string {
  const noun = COUNTED[origin];
  if (noun === undefined) return `${relation} ${limit}`;
  const plural = noun === "entry" ? "entries" : `${noun}s`;
  return `${relation} ${limit} ${Number(limit) === 1 ? noun : plural}`;
}

/** The value at a place in data; undefined when there is none. */
export function valueAt(data: unknown, path: DataPath): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, key)
        ? (value as Record<PropertyKey, unknown>)[key]
        : undefined,
    data,
  );
}
