import { formatDuration } from "../../core/index.ts";
import type { DrillRecord, TriggerDrill } from "../../evidence/index.ts";
import { formatSeconds, tookMs } from "./duration.ts";

export const DRILL_HEADINGS = ["trigger", "condition", "after fault", "after true", "also fired"] as const;

/** The cells of one alert in a table, one for each of `DRILL_HEADINGS`. */
export function drillCells(drill: TriggerDrill): readonly string[] {
  const { trigger, condition, firedAfterFaultMs, firedAfterTrueMs, firedWith } = drill;
  return [
    trigger,
    condition ?? "–",
    firedAfterFaultMs === null ? "–" : formatSeconds(firedAfterFaultMs),
    firedAfterTrueMs === null ? "–" : formatSeconds(firedAfterTrueMs),
    firedWith.length === 0 ? "–" : firedWith.join(", "),
  ];
}

/** `mine.yml · 3 of 4 fired · 1 min 30 s · seed 1 · time scale 60`. */
export function drillFacts(drill: DrillRecord): string {
  const { title, triggers, seed, environment } = drill;
  const fired = triggers.filter(({ verdict }) => verdict === "pass").length;
  return [
    title,
    `${fired} of ${triggers.length} fired`,
    formatDuration(tookMs(drill)),
    `seed ${seed}`,
    `time scale ${environment.timeScale}`,
  ].join(" · ");
}

/** The result of the run in which nothing was done to the lab. */
export function quietSentence({ quiet }: DrillRecord): string {
  const fired = quiet.fired.length === 0 ? "" : `${quiet.fired.join(", ")}: `;
  return `quiet run of ${formatDuration(quiet.watchedMs)}: ${fired}${quiet.why}`;
}
