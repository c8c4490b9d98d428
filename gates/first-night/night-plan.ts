import { z } from "zod";
import { type Clock, UsageError } from "../../core/index.ts";
import type { GateFiling } from "../engine/filing.ts";
import type { FiledOfRelease } from "../engine/target.ts";

const NIGHT_HOURS = 24;
const HOUR_MS = 3_600_000;
/** A check that comes later than this part of an hour is about the next one: the hour was missed. */
const GRACE = 0.25;

const schema = z.object({
  schema: z.literal("kanit.night/1"),
  release: z.string(),
  /** When its first hour began; it names the night. */
  startedAt: z.iso.datetime(),
  hours: z.number().int().positive(),
  /** 1, or how many times as fast as the wall clock a rehearsal is. */
  timeScale: z.number().min(1),
});

/** When the hours of a night are. All times are UTC milliseconds, so that a change of summer time moves none. */
export type NightPlan = z.infer<typeof schema>;

const PLAN_FILE = "first_night_plan.json";

/** How long an hour lasts. */
export function hourMs({ timeScale }: Pick<NightPlan, "timeScale">): number {
  return HOUR_MS / timeScale;
}

/** When an hour has ended, and is checked. */
export function dueAtMs(plan: NightPlan, hour: number): number {
  return Date.parse(plan.startedAt) + (hour + 1) * hourMs(plan);
}

/** Until when the check of an hour still counts. */
export function missedFromMs(plan: NightPlan, hour: number): number {
  return dueAtMs(plan, hour) + GRACE * hourMs(plan);
}

/** `hourly_log_07.txt` */
export function hourLogName(hour: number): string {
  return `hourly_log_${String(hour).padStart(2, "0")}.txt`;
}

/** Reads the night that was begun last; null where there is none. */
export async function readPlan(evidence: FiledOfRelease): Promise<NightPlan | null> {
  const filed = await evidence(PLAN_FILE);
  if (filed === null) return null;
  const parsed = schema.safeParse(JSON.parse(filed.text));
  if (parsed.success) return parsed.data;
  throw new UsageError({
    code: "bad-night-plan",
    message: `Expected the plan of a first night in ${PLAN_FILE}, got something else.`,
    nextStep: "Begin another night: kanit first-night <release> --new-night.",
  });
}

/**
 * Checks that a night that was begun may be continued.
 *
 * @throws UsageError `other-night` for another time scale, since a rehearsal is no part of a night.
 */
export function checkContinued(plan: NightPlan, timeScale: number): NightPlan {
  if (plan.timeScale === timeScale) return plan;
  throw new UsageError({
    code: "other-night",
    message: `Expected time scale ${plan.timeScale}, as the night of ${plan.release} that began at ${plan.startedAt} has, got ${timeScale}.`,
    nextStep: `Continue it with --time-scale ${plan.timeScale}, or begin another one with --new-night.`,
  });
}

/** What beginning a night needs. */
export interface NightToBegin {
  readonly release: string;
  readonly timeScale: number;
  readonly openFiling: () => Promise<GateFiling>;
  readonly clock: Pick<Clock, "nowMs">;
}

/** Begins a night now, and files when its hours are. */
export async function beginNight({
  release,
  timeScale,
  openFiling,
  clock,
}: NightToBegin): Promise<NightPlan> {
  const plan: NightPlan = {
    ...{ schema: "kanit.night/1", release, hours: NIGHT_HOURS, timeScale },
    startedAt: new Date(clock.nowMs()).toISOString(),
  };
  const filing = await openFiling();
  const text = `${JSON.stringify(plan, null, 2)}\n`;
  const command = `kanit first-night ${release}`;
  await filing.file({ name: PLAN_FILE, kind: "gate.first-night.plan", text, command });
  await filing.end({ verdict: "inconclusive", problems: [] });
  return plan;
}
