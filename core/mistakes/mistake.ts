import { nearestTo } from "./nearest.ts";

/** Where something is in data: keys and indexes from its root. */
export type DataPath = readonly PropertyKey[];

/** Something in data that cannot be meant. */
export interface Mistake {
  readonly path: DataPath;
  /** Whether the key at the end of the path is wrong, or the value there. */
  readonly at: "key" | "value";
  /** What should be there, to be read behind "expected": `a number`. */
  readonly expected: string;
  /** What is there, to be read behind "got": `"fast"`. */
  readonly received: string;
  /** The names that are known there, of which one may have been meant; empty where it is no matter of names. */
  readonly known: readonly string[];
}

/** A mistake in the value at a place. */
export function wrongValue(path: DataPath, expected: string, received: unknown): Mistake {
  return { path, at: "value", expected, received: shown(received), known: [] };
}

/** A name at a place that is none of those known. */
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

function hint({ expected, received, known }: Mistake): string {
  if (known.length === 0) return "";
  const nearest = nearestTo(received.replaceAll('"', ""), known);
  if (nearest.kind === "meant") return `; did you mean ${nearest.name}?`;
  const areListed = nearest.names.every((name) => expected.includes(name));
  return areListed ? "" : `; nearest are ${nearest.names.join(", ")}`;
}

/** A place as a person would write it in code: `faults[0].fault.latencyMs`. */
export function formatPath(path: DataPath): string {
  return path.reduce<string>((place, key) => {
    if (typeof key === "number") return `${place}[${key}]`;
    return place === "" ? String(key) : `${place}.${String(key)}`;
  }, "");
}

const LONGEST_VALUE = 60;

/** A value as it came, on one line and not too long: `"fast"`, `nothing`. */
export function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "number") return String(value);
  const text = (JSON.stringify(value) ?? String(value)).replaceAll(/\s*\n\s*/g, " ");
  return text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE)}…`;
}
