import type { Clock, Verdict } from "../../core/index.ts";
import type { GateFiling } from "../engine/filing.ts";
import type { FiledOfRelease } from "../engine/target.ts";
import { type HourFinding, unknownHour } from "./check-hour.ts";
import {
  type ContractSpot,
  contractSpotName,
  contractSpotText,
  type LookAtContracts,
} from "./contract-spot.ts";
import { hourLogText, hourText } from "./hour-log.ts";
import { dueAtMs, hourLogName, hourMs, missedFromMs, type NightPlan } from "./night-plan.ts";
import { beforeHour, missedLine, readNight } from "./night-state.ts";
import {
  type FiledSpot,
  STABILITY_REPORT,
  type Stability,
  stabilityOf,
  stabilityText,
} from "./stability-report.ts";

/** The contracts are looked at after each so many hours, and after the first and the last one. */
const HOURS_BETWEEN_SPOTS = 6;
/** The clock is looked at so often while an hour is waited for, since a machine that slept or was set must notice. */
const LONGEST_WAIT_MS = 30_000;

/** What keeping a night needs. */
export interface NightOptions {
  readonly plan: NightPlan;
  readonly target: string;
  /** The newest files of the release by name. */
  readonly evidence: FiledOfRelease;
  readonly openFiling: () => Promise<GateFiling>;
  readonly checkHour: (signal: AbortSignal) => Promise<HourFinding>;
  readonly lookAtContracts: LookAtContracts;
  /** The spot checks that are filed, the newest last. */
  readonly filedSpots: () => Promise<readonly FiledSpot[]>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Called with the verdict of each hour and spot check as soon as it is known. */
  readonly onVerdict: (verdict: Verdict) => void;
  /** Called with each line that tells how the night goes. */
  readonly onLine: (line: string) => void;
}

/**
 * Keeps the first night of a release: waits for the end of each hour, checks it, and files its log, which names
 * the log before it by its digest. The archive is all that it remembers. So a process that takes over, after
 * whatever end of the one before it, goes on with the first hour that is not over; hours that nobody checked are
 * told as missed, and no hour is checked twice. In the end it writes the report of the whole night.
 *
 * @throws the signal's reason when it is interrupted; the night can be continued.
 */
export async function keepNight(options: NightOptions): Promise<Stability> {
  const { plan, evidence, onLine, clock } = options;
  for (let hour = 0; hour < plan.hours; hour += 1) {
    const { hours } = await readNight(plan, evidence);
    const filed = hours[hour] ?? null;
    if (filed !== null) {
      options.onVerdict(filed.record.verdict);
      continue;
    }
    if (!(await isDue(options, hour))) {
      onLine(`${missedLine(hour)}: it was over at ${new Date(dueAtMs(plan, hour)).toISOString()}`);
      continue;
    }
    await fileHour(options, hour);
    const isSpot = hour % HOURS_BETWEEN_SPOTS === 0 || hour === plan.hours - 1;
    if (isSpot) await fileSpot(options);
  }
  const state = await readNight(plan, evidence);
  const spots = await options.filedSpots();
  const text = stabilityText(plan, state, spots, new Date(clock.nowMs()).toISOString());
  const stability = stabilityOf(state, spots);
  const filing = await options.openFiling();
  await filing.file({ ...entryOf(plan, "report"), name: STABILITY_REPORT, text });
  await filing.end({ verdict: stability.verdict, problems: stability.findings });
  return stability;
}

/**
 * Waits for the end of an hour. Returns false where it is over for so long that its check would be about the next
 * one.
 */
async function isDue({ plan, clock, signal }: NightOptions, hour: number): Promise<boolean> {
  for (;;) {
    signal.throwIfAborted();
    const leftMs = dueAtMs(plan, hour) - clock.nowMs();
    if (leftMs <= 0) return clock.nowMs() < missedFromMs(plan, hour);
    await clock.sleep(Math.min(leftMs, LONGEST_WAIT_MS), signal);
  }
}

async function fileHour(options: NightOptions, hour: number): Promise<void> {
  const { plan, target, evidence, clock, signal, onLine } = options;
  const takenAtMs = clock.nowMs();
  const finding = await inTime(options, options.checkHour, unknownHour);
  signal.throwIfAborted();
  const { previous, missed } = beforeHour(await readNight(plan, evidence), hour);
  const text = hourLogText({
    ...{ schema: "kanit.hour/1", release: plan.release, night: plan.startedAt, hour, hours: plan.hours },
    ...{ timeScale: plan.timeScale, target, previous, missed, ...finding },
    dueAt: new Date(dueAtMs(plan, hour)).toISOString(),
    takenAt: new Date(takenAtMs).toISOString(),
  });
  const filing = await options.openFiling();
  await filing.file({ ...entryOf(plan, "hour"), name: hourLogName(hour), text });
  options.onVerdict(finding.verdict);
  await filing.end({ verdict: finding.verdict, problems: missed.map(missedLine) });
  const [first] = [...finding.problems, ...finding.missing];
  onLine(`${finding.verdict.padEnd(12)} hour ${hourText(hour)}${first === undefined ? "" : `  ${first}`}`);
}

async function fileSpot(options: NightOptions): Promise<void> {
  const { plan, lookAtContracts, clock, signal, onLine } = options;
  if (lookAtContracts === null) return;
  const atMs = clock.nowMs();
  const spot = await inTime(
    options,
    lookAtContracts,
    (why): ContractSpot => ({ verdict: "inconclusive", lines: [why] }),
  );
  signal.throwIfAborted();
  const filing = await options.openFiling();
  const text = contractSpotText(plan.release, atMs, spot);
  await filing.file({ ...entryOf(plan, "contract-spot"), name: contractSpotName(atMs), text });
  options.onVerdict(spot.verdict);
  await filing.end({ verdict: spot.verdict, problems: [] });
  onLine(`${spot.verdict.padEnd(12)} contracts  ${spot.lines[0] ?? ""}`);
}

/** What takes longer than half an hour must not make the next hour missed. */
async function inTime<Found>(
  { plan, signal }: NightOptions,
  work: (signal: AbortSignal) => Promise<Found>,
  otherwise: (why: string) => Found,
): Promise<Found> {
  const limit = AbortSignal.timeout(Math.max(1, Math.floor(hourMs(plan) / 2)));
  try {
    return await work(AbortSignal.any([signal, limit]));
  } catch (error) {
    signal.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    return otherwise(limit.aborted ? "no answer within half an hour" : reason.replaceAll(/\s*\n\s*/g, " "));
  }
}

function entryOf({ release }: NightPlan, what: string) {
  return { kind: `gate.first-night.${what}`, command: `kanit first-night ${release}` };
}
