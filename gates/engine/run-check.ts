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
  const found = await beforeAbort(check.observe(target, context), signal);
  const { verdict, reasons } = judgeObservation(check, found, { ...options, nowMs: clock.nowMs() });
  const files = evidenceNames(check, target.release).map((name, index) => ({
    name,
    text: found.texts[index] ?? "",
  }));
  return { verdict, standing: "judged" as const, summary: found.summary, reasons, files };
}

/** A probe that ignores its signal must not delay the gate. */
function beforeAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

const LONGEST_REASON = 300;

function reasonOf(error: unknown, check: Check, interruption: AbortSignal): string {
  if (interruption.aborted) return "interrupted before it ended";
  if (error instanceof Error && error.name === "TimeoutError") {
    return `no answer within its deadline of ${formatDuration(check.deadlineMs)}`;
  }
  const message = error instanceof Error && error.message !== "" ? error.message : String(error);
  const next = error instanceof KanitError ? ` ${error.nextStep}` : "";
  return `${message}${next}`.replaceAll(/\s*\n\s*/g, " ").slice(0, LONGEST_REASON);
}
