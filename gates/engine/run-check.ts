import { type Clock, formatDuration, KanitError, type Verdict } from "../../core/index.ts";
import { type Check, evidenceNames, missingParts, type ProbeContext } from "./check.ts";
import { judgeObservation } from "./judge-observation.ts";
import type { Commit, Target } from "./target.ts";

/** What a check needs besides the target. */
export interface CheckRunOptions {
  readonly commit: Commit | null;
  readonly wasSeenRed: boolean;
  readonly clock: Clock;
  /** Aborted when the gate is interrupted or its time is over. */
  readonly signal: AbortSignal;
}

/** How a check ended. */
export interface CheckOutcome {
  readonly check: Check;
  readonly verdict: Verdict;
  readonly standing: "judged" | "not-run" | "interrupted";
  readonly summary: string;
  readonly reasons: readonly string[];
  readonly tookMs: number;
  /** Its evidence files, in their order. */
  readonly files: readonly { readonly name: string; readonly text: string }[];
}

/**
 * Runs one check. It always has an outcome: what throws, comes too late or is interrupted is inconclusive, and so is a
 * check whose parts are not there.
 */
export async function runCheck(
  check: Check,
  target: Target,
  options: CheckRunOptions,
): Promise<CheckOutcome> {
  const { clock } = options;
  const beganMs = clock.monotonicMs();
  const missing = missingParts(check, target);
  const end = (outcome: Omit<CheckOutcome, "check" | "tookMs">): CheckOutcome => ({
    check,
    ...outcome,
    tookMs: clock.monotonicMs() - beganMs,
  });
  if (missing.length > 0) {
    const reason = `not run: needs ${missing.join(", ")}`;
    return end({ ...UNKNOWN, standing: "not-run", summary: reason, reasons: [reason] });
  }
  try {
    return end(await observed(check, target, options));
  } catch (error) {
    const reason = reasonOf(error, check, options.signal);
    const standing = options.signal.aborted ? "interrupted" : "judged";
    return end({ ...UNKNOWN, standing, summary: reason, reasons: [reason] });
  }
}

const UNKNOWN = { verdict: "inconclusive", files: [] } as const;

async function observed(check: Check, target: Target, options: CheckRunOptions) {
  const { clock, commit } = options;
  const deadline = AbortSignal.timeout(check.deadlineMs);
  const signal = AbortSignal.any([deadline, options.signal]);
  const context: ProbeContext = { target, commit, clock, signal };
  const found = await beforeAbort(check.observe(target, context), signal, clock);
  const cut = signal.aborted ? [reasonOf(signal.reason, check, options.signal)] : [];
  const whole = { ...found, unclear: [...found.unclear, ...cut] };
  const { verdict, reasons } = judgeObservation(check, whole, {
    ...{ commit, wasSeenRed: options.wasSeenRed },
    ...{ release: target.release, nowMs: clock.nowMs() },
  });
  const files = evidenceNames(check, target.release).map((name, index) => ({
    name,
    text: found.texts[index] ?? "",
  }));
  const standing: CheckOutcome["standing"] = options.signal.aborted ? "interrupted" : "judged";
  return { verdict, standing, summary: found.summary, reasons, files };
}

/**
 * A probe that ignores its signal must not delay the gate. One that ends with what it has gets the time for it: what
 * was measured until then is not lost.
 */
async function beforeAbort<T>(work: Promise<T>, signal: AbortSignal, clock: Clock): Promise<T> {
  const ended = new AbortController();
  const aborted = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true, signal: ended.signal });
  });
  try {
    const late = aborted.then(async () => {
      await clock.sleep(LAST_WORDS_MS, ended.signal);
      throw signal.reason;
    });
    return await Promise.race([work, late]);
  } finally {
    ended.abort();
  }
}

/** For a probe that was cut short to return what it has. */
const LAST_WORDS_MS = 1_000;

const LONGEST_REASON = 300;

function reasonOf(error: unknown, check: Check, interruption: AbortSignal): string {
  const isOutOfTime = (reason: unknown) => reason instanceof Error && reason.name === "TimeoutError";
  if (interruption.aborted) {
    return isOutOfTime(interruption.reason)
      ? "not ended within the gate's time"
      : "interrupted before it ended";
  }
  if (isOutOfTime(error)) {
    return `no answer within its deadline of ${formatDuration(check.deadlineMs)}`;
  }
  const message = error instanceof Error && error.message !== "" ? error.message : String(error);
  const next = error instanceof KanitError ? ` ${error.nextStep}` : "";
  return `${message}${next}`.replaceAll(/\s*\n\s*/g, " ").slice(0, LONGEST_REASON);
}
