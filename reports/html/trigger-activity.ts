import type { ScenarioRecord, TriggerRecord } from "../../evidence/index.ts";

/** The triggers of a scenario, divided into active ones, which a reader must see, and quiet ones. */
export interface TriggerActivity {
  /** Those that had to fire, then those that fired, then those that were pending or without data. */
  readonly active: readonly TriggerRecord[];
  /** Inactive throughout, as expected, in the order of their rule files. */
  readonly quiet: readonly TriggerRecord[];
}

/**
 * Separates the triggers of a scenario that were active from those that were not. States before the first
 * scrape do not count: without a series every `absent()` is pending and everything else has no data. A state
 * that ends within the warm-up, which is not judged, is therefore not activity, unless it is firing.
 */
export function activityOf({ triggers, phases }: ScenarioRecord): TriggerActivity {
  const warmUpEndMs = phases.find(({ name }) => name === "warm-up")?.endMs ?? 0;
  const active = triggers.filter((trigger) => isActive(trigger, warmUpEndMs));
  return {
    active: active.toSorted((a, b) => rankOf(a) - rankOf(b)),
    quiet: triggers.filter((trigger) => !active.includes(trigger)),
  };
}

function isActive({ expected, verdict, firedAtMs, history }: TriggerRecord, warmUpEndMs: number): boolean {
  if (expected === "fires" || verdict !== "pass" || firedAtMs !== null) return true;
  return history.some(({ state }, position) => {
    const endMs = history[position + 1]?.atMs ?? Number.POSITIVE_INFINITY;
    return state === "firing" || (state !== "inactive" && endMs > warmUpEndMs);
  });
}

function rankOf({ expected, firedAtMs }: TriggerRecord): number {
  if (expected === "fires") return 0;
  return firedAtMs === null ? 2 : 1;
}
