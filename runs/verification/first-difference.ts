import { REDACTED } from "../../core/index.ts";

/** Where two records differ, and what each has there. */
export interface Difference {
  /** `scenarios.0.verdict` */
  readonly place: string;
  readonly one: unknown;
  readonly other: unknown;
}

/**
 * The first place at which two plain values differ; null when there is none. A text from which a secret was removed
 * equals any other: one of the two may have been filed before the secret was known.
 */
export function firstDifference(one: unknown, other: unknown, place = ""): Difference | null {
  if (Object.is(one, other) || isRedacted(one) || isRedacted(other)) return null;
  if (!isObject(one) || !isObject(other) || Array.isArray(one) !== Array.isArray(other)) {
    return { place, one, other };
  }
  for (const name of new Set([...Object.keys(one), ...Object.keys(other)])) {
    const found = firstDifference(one[name], other[name], place === "" ? name : `${place}.${name}`);
    if (found !== null) return found;
  }
  return null;
}

function isRedacted(value: unknown): boolean {
  return typeof value === "string" && value.includes(REDACTED);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
