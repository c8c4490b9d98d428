import type { Measured } from "../judge/growth.ts";
import type { ReadSeries } from "./arm-reader.ts";

/** What counters and process starts were at a time. */
export interface Snapshot {
  readonly atMs: number;
  /** By selector. */
  readonly series: Readonly<Record<string, Measured<readonly ReadSeries[]>>>;
  /** When the process of each instance started, in seconds since 1970. */
  readonly starts: ReadonlyMap<string, number>;
}

/** The increase of one series. */
export interface Grown {
  readonly labels: Readonly<Record<string, string>>;
  readonly growth: number;
}

/**
 * Returns the increase of each series of a selector between two snapshots, exactly and not extrapolated: a series that
 * appeared counts from zero, as does one whose process started again or whose value fell. A process that was not there
 * before counts from now on.
 */
export function growthOf(before: Snapshot, now: Snapshot, selector: string): Measured<readonly Grown[]> {
  const [earlier, later] = [before.series[selector], now.series[selector]];
  if (earlier === undefined || later === undefined)
    return { kind: "unknown", why: `${selector} was not read` };
  if (later.kind === "unknown") return later;
  if (earlier.kind === "unknown") return earlier;
  const known = new Map(earlier.value.map(({ labels, value }) => [keyOf(labels), value]));
  const value = later.value.map((series): Grown => {
    const instance = instanceOf(series.labels);
    const startedAt = now.starts.get(instance);
    const earlierStart = before.starts.get(instance);
    const isNewProcess = startedAt !== undefined && startedAt * 1_000 >= before.atMs;
    const hasRestarted = isNewProcess || (earlierStart !== undefined && startedAt !== earlierStart);
    const old = known.get(keyOf(series.labels));
    if (hasRestarted) return { labels: series.labels, growth: series.value };
    if (old === undefined) {
      const wasThere = earlierStart !== undefined;
      return { labels: series.labels, growth: wasThere ? series.value : 0 };
    }
    return { labels: series.labels, growth: series.value < old ? series.value : series.value - old };
  });
  return { kind: "measured", value };
}

/** Returns how many processes started again between two snapshots. */
export function restartsOf(before: Snapshot, now: Snapshot): Measured<number> {
  if (now.starts.size === 0) return { kind: "unknown", why: "no process_start_time_seconds" };
  const restarted = [...now.starts].filter(([instance, startedAt]) => {
    const earlier = before.starts.get(instance);
    return earlier !== undefined && earlier !== startedAt;
  });
  return { kind: "measured", value: restarted.length };
}

/** Which process a series belongs to. */
export function instanceOf({ instance = "" }: Readonly<Record<string, string>>): string {
  return instance;
}

function keyOf(labels: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}
