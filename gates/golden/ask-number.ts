import { KanitError } from "../../core/index.ts";
import type { PrometheusSource } from "../../signals/index.ts";

const LONGEST_REASON = 200;

/** A number, or why there is none. */
export interface NumberOrWhy {
  readonly value: number | null;
  readonly why: string;
}

/**
 * Asks for one number. No data, NaN, several series and an error are none, each with its reason.
 *
 * @throws the signal's reason when it is aborted.
 */
export async function askNumber(
  source: PrometheusSource,
  query: string,
  atMs: number,
  signal: AbortSignal,
): Promise<NumberOrWhy> {
  try {
    const answer = await source.query(query, atMs, signal);
    if (answer.kind === "no-data") return { value: null, why: "no data" };
    const [first, ...others] = answer.elements;
    if (others.length > 0) return { value: null, why: `${others.length + 1} series in place of one` };
    if (first === undefined || Number.isNaN(first.value)) return { value: null, why: "no data" };
    return { value: first.value, why: "" };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof KanitError)) throw error;
    return { value: null, why: error.message.slice(0, LONGEST_REASON) };
  }
}
