import { nearestTo } from "./nearest.ts";

/** A place in data: keys and indexes from its root. */
export type DataPath = readonly PropertyKey[];

/** An invalid key or value in data. */
export interface Mistake {
  readonly path: DataPath;
  /** Whether the last key of the path is wrong, or its value. */
  readonly at: "key" | "value";
  /** What was expected, as text after "expected": `a number`. */
  readonly expected: string;
  /** What was found, as text after "got": `"fast"`. */
  readonly received: string;
  /** The valid names there, one of which may have been meant; empty when names do not matter. */
  readonly known: readonly string[];
}

/** A mistake in the value at a place. */
export function wrongValue(path: DataPath, expected: string, received: unknown): Mistake {
  return { path, at: "value", expected, received: shown(received), known: [] };
}

/** A mistake in what the parts at a place mean together, where `received` describes it. */
export function wrongMeaning(path: DataPath, expected: string, received: string): Mistake {
  return { path, at: "value", expected, received, known: [] };
}

/** A name at a place that is not one of the valid ones. */
export function unknownName(
  path: DataPath,
  expected: string,
  received: string,
  known: readonly string[],
): Mistake {
  return { path, at: "value", expected, received: shown(received), known };
}

/** One line: `load.rate: expected one of the keys rateRps, venues, got "rate"; did you mean rateRps?` */
export function describeMistake(mistake: Mistake): string {
  const { path, expected, received } = mistake;
  const place = formatPath(path);
  return `${place === "" ? "" : `${place}: `}expected ${expected}, got ${received}${hint(mistake)}`;
}

/** All of them in one sentence, with its end. */
export function describeMistakes(mistakes: readonly Mistake[]): string {
  const text = mistakes.map(describeMistake).join("; ");
  return text.endsWith("?") ? text : `${text}.`;
}

function hint({ expected, received, known }: Mistake): string {
  if (known.length === 0) return "";
  const nearest = nearestTo(received.replaceAll('"', ""), known);
  if (nearest.kind === "meant") return `; did you mean ${nearest.name}?`;
  const areListed = nearest.names.every((name) => expected.includes(name));
  return areListed ? "" : `; nearest are ${nearest.names.join(", ")}`;
}

/** A place as it is written in code: `faults[0].fault.latencyMs`. */
export function formatPath(path: DataPath): string {
  return path.reduce<string>((place, key) => {
    if (typeof key === "number") return `${place}[${key}]`;
    return place === "" ? String(key) : `${place}.${String(key)}`;
  }, "");
}

const LONGEST_VALUE = 60;
/** What came where something is missing. */
export const NOTHING = "nothing";

/** A value on one line, shortened: `"fast"`, `nothing`. */
export function shown(value: unknown): string {
  if (value === undefined) return NOTHING;
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  const text = textOf(value).replaceAll(/\s*\n\s*/g, " ");
  return text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE)}…`;
}

/** A module may hand over anything: what contains itself, or what throws when it is read. */
function textOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? typeof value;
  } catch {
    return typeof value === "object" ? "an object that is not plain data" : typeof value;
  }
}
