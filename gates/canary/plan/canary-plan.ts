import { readFile } from "node:fs/promises";
import { z } from "zod";
import { describeMistake, parseData, parseDurationMs, UsageError } from "../../../core/index.ts";
import { readYaml } from "../../../syntax/index.ts";
import { CANARY_SIGNALS } from "../judge/canary-signal.ts";

/** One stage: a share of the traffic for a while. */
export interface CanaryStage {
  /** Its share in percent: `5`. */
  readonly name: string;
  readonly sharePercent: number;
  readonly durationMs: number;
  /** Where it is not conclusive until then, it ends as the plan says. */
  readonly longestMs: number;
}

/** How a candidate takes over the traffic, in times of production. */
export interface CanaryPlan {
  readonly stages: readonly CanaryStage[];
  /** From one look at both arms to the next. */
  readonly lookMs: number;
  /** At the beginning of a stage, which is not judged: connections move, caches fill. */
  readonly settleMs: number;
  /** So long may the judge be without a measurement before it ends the canary. */
  readonly longestBlindMs: number;
  readonly whenInconclusive: "hold" | "rollback";
  /** The probability that a candidate which is as good as the stable is rolled back, over all stages and signals. */
  readonly falseAlarmRate: number;
  /** The golden signals that roll back at once. The others do so at the end of their stage. */
  readonly critical: readonly string[];
  /** Triggers that have no data in this place, and are not waited for. */
  readonly withoutTriggers: readonly string[];
  /** By golden signal, a number of samples in place of the computed one. */
  readonly samples: Readonly<Record<string, number>>;
  /**
   * In a rehearsal of compressed time only this part of the requests can come, so it needs only this part of the
   * samples. It shows the way, and proves nothing about the release. Otherwise 1.
   */
  readonly rehearsedPart: number;
}

const MINUTE_MS = 60_000;
const duration = z.string().regex(/^\d+(ms|s|m|h)(\d+(ms|s|m))*$/, "expected a duration such as 15m or 90s");
const signals = CANARY_SIGNALS.map(({ id }) => id) as [string, ...string[]];

const schema = z.strictObject({
  stages: z
    .array(
      z.strictObject({
        share: z.number().gt(0).max(100).describe("the part of the requests for the candidate, in percent"),
        duration: duration.describe("how long the stage lasts"),
        longest: duration
          .optional()
          .describe("how long it may wait for enough samples; twice its duration by default"),
      }),
    )
    .min(1)
    .default([
      { share: 1, duration: "15m" },
      { share: 5, duration: "15m" },
      { share: 25, duration: "15m" },
      { share: 50, duration: "15m" },
      { share: 100, duration: "30m" },
    ]),
  look: duration.default("15s").describe("from one look at both arms to the next"),
  settle: duration.default("1m").describe("the beginning of a stage, which is not judged"),
  longestBlind: duration.default("3m").describe("so long may nothing be measured before the canary ends"),
  whenInconclusive: z.enum(["hold", "rollback"]).default("rollback"),
  falseAlarmRate: z.number().gt(0).max(0.2).default(0.01).describe("for all stages and signals together"),
  critical: z
    .array(z.enum(signals))
    .default(["api_latency_p95", "http_errors", "feed_staleness", "risk_blocks", "idempotency_conflicts"])
    .describe("golden signals that roll back at once"),
  withoutTriggers: z.array(z.string().min(1)).default([]).describe("triggers that have no data here"),
  samples: z
    .partialRecord(z.enum(signals), z.number().int().min(1))
    .default({})
    .describe("by golden signal, a number of samples in place of the computed one"),
});

/** The schema of `canary.yml` for editors, as JSON Schema (draft 7, which those for YAML read). */
export function canaryJsonSchema(): unknown {
  const json = z.toJSONSchema(schema, { io: "input", target: "draft-7" });
  return { ...json, title: "The plan of a canary", $id: "canary.schema.json" };
}

/** The plan where there is no file: five stages, and a rollback where it stays inconclusive. */
export const USUAL_PLAN: CanaryPlan = complete(schema.parse({}), "canary.yml");

/**
 * Reads a plan (docs/canary.md explains each field).
 *
 * @throws UsageError `bad-canary-plan`, with a line for each mistake.
 */
export async function readCanaryPlan(file: string): Promise<CanaryPlan> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw unreadable([error instanceof Error ? error.message : String(error)], error);
  });
  return parseCanaryPlan(text, file);
}

/** The same from a text. */
export function parseCanaryPlan(text: string, file: string): CanaryPlan {
  const reading = readYaml(text);
  if (reading.kind === "unreadable") {
    throw unreadable(
      reading.problems.map(({ place, problem }) => `${file}:${place.line}:${place.column} ${problem}`),
    );
  }
  const { data, placeOf } = reading.source;
  const parsed = parseData(schema, data ?? {});
  if (parsed.kind === "mistakes") {
    throw unreadable(
      parsed.mistakes.map((mistake) => {
        const { line, column } = placeOf(mistake.path, mistake.at);
        return `${file}:${line}:${column} ${describeMistake(mistake)}`;
      }),
    );
  }
  return complete(parsed.value, file);
}

/** Returns the plan for a rehearsal in which a second stands for many. */
export function rehearsedPlan(plan: CanaryPlan, timeScale: number): CanaryPlan {
  return { ...plan, rehearsedPart: Math.min(1, 1 / timeScale) };
}

function complete(value: z.output<typeof schema>, file: string): CanaryPlan {
  const stages = value.stages.map(({ share, duration: lasts, longest }): CanaryStage => {
    const durationMs = parseDurationMs(lasts);
    const longestMs = longest === undefined ? 2 * durationMs : parseDurationMs(longest);
    return { name: String(share), sharePercent: share, durationMs, longestMs };
  });
  const lookMs = parseDurationMs(value.look);
  const settleMs = parseDurationMs(value.settle);
  const problems = [
    ...stages
      .flatMap(({ name, sharePercent, durationMs, longestMs }, index) => [
        sharePercent > (stages[index - 1]?.sharePercent ?? 0)
          ? []
          : [`stage ${name}: expected a share above that of the stage before`],
        longestMs >= durationMs ? [] : [`stage ${name}: expected a longest wait of at least its duration`],
        durationMs >= settleMs + 4 * lookMs
          ? []
          : [`stage ${name}: expected a duration of at least settle and four looks`],
      ])
      .flat(),
    lookMs >= 1_000 && lookMs <= MINUTE_MS ? [] : ["look: expected 1s to 1m"],
  ].flat();
  if (problems.length > 0) throw unreadable(problems.map((problem) => `${file}: ${problem}`));
  const { whenInconclusive, falseAlarmRate, critical, withoutTriggers } = value;
  return {
    ...{ stages, lookMs, settleMs, longestBlindMs: parseDurationMs(value.longestBlind) },
    ...{ whenInconclusive, falseAlarmRate, critical, withoutTriggers },
    rehearsedPart: 1,
    samples: Object.fromEntries(Object.entries(value.samples).map(([id, count = 1]) => [id, count])),
  };
}

function unreadable(lines: readonly string[], cause?: unknown): UsageError {
  return new UsageError({
    code: "bad-canary-plan",
    message: lines.join("\n"),
    nextStep: "Repair the plan; `kanit schema canary` prints what it may contain.",
    ...(cause === undefined ? {} : { cause }),
  });
}
