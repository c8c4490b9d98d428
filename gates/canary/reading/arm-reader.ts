import type { Measured } from "../judge/growth.ts";

/** One series of an arm at a time. */
export interface ReadSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Reads one arm. */
export interface ArmReader extends AsyncDisposable {
  /** Where it reads, in one line. */
  readonly description: string;
  /** Collects once, so that what is read next is from now. */
  refresh(signal: AbortSignal): Promise<void>;
  /**
   * Returns the series of a selector at a time that is about now: at least one, of numbers, without warnings, and not
   * older than a few collections. Everything else is unknown, with the reason.
   */
  read(selector: string, atMs: number, signal: AbortSignal): Promise<Measured<readonly ReadSeries[]>>;
}

/** Returns series that were answered, or why they prove nothing. */
export function checkedSeries(
  selector: string,
  series: readonly ReadSeries[],
): Measured<readonly ReadSeries[]> {
  if (series.length === 0) return { kind: "unknown", why: `no series for ${selector}` };
  const wrong = series.find(({ value }) => !Number.isFinite(value) || value < 0);
  if (wrong === undefined) return { kind: "measured", value: series };
  return { kind: "unknown", why: `${selector} is ${wrong.value}` };
}
