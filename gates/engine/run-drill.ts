import type { Clock, Verdict } from "../../core/index.ts";
import type { Check } from "./check.ts";
import type { DrillGround } from "./mutant.ts";
import { type CheckOutcome, runCheck } from "./run-check.ts";
import type { Commit, Target } from "./target.ts";

/** One line of the matrix: a check on the sound lab, and on the harmed one. */
export interface DrillRow {
  readonly check: Check;
  readonly sound: Verdict;
  readonly soundReasons: readonly string[];
  /** Null when the mutant did not happen. */
  readonly mutant: Verdict | null;
  readonly mutantReasons: readonly string[];
  /** What shows that the mutant happened. */
  readonly effect: string;
  readonly tookMs: number;
  /** `pass`: sound passed and the mutant failed. `fail`: the check is blind to its mutant, or cries wolf. */
  readonly verdict: Verdict;
}

export interface DrillOptions {
  readonly checks: readonly Check[];
  readonly ground: Omit<DrillGround, "target">;
  /** Reads the target anew, since a reset of the lab changes its addresses. */
  readonly readTarget: () => Target;
  readonly commit: Commit | null;
  readonly clock: Clock;
  readonly onRow: (row: DrillRow) => void;
}

/**
 * Runs each check on the sound lab, harms the lab as its mutant says, runs it again, and heals the lab. A check is
 * proved only when it passes on the one and fails on the other.
 */
export async function runDrill(options: DrillOptions): Promise<readonly DrillRow[]> {
  const rows: DrillRow[] = [];
  for (const check of options.checks) {
    options.ground.signal.throwIfAborted();
    const row = await drillCheck(check, options);
    options.onRow(row);
    rows.push(row);
  }
  return rows;
}

async function drillCheck(check: Check, options: DrillOptions): Promise<DrillRow> {
  const { ground, clock, commit, readTarget } = options;
  const beganMs = clock.monotonicMs();
  const run = (target: Target): Promise<CheckOutcome> =>
    runCheck(check, target, { commit, wasSeenRed: true, clock, signal: ground.signal });
  const target = readTarget();
  const sound = await run(target);
  const harmed = await harm(check, { ...ground, target }, run);
  const mutant = harmed.outcome?.verdict ?? null;
  return {
    check,
    sound: sound.verdict,
    soundReasons: sound.reasons,
    mutant,
    mutantReasons: harmed.outcome?.reasons ?? [],
    effect: harmed.effect,
    tookMs: clock.monotonicMs() - beganMs,
    verdict: verdictOf(sound.verdict, mutant),
  };
}

interface Harmed {
  readonly outcome: CheckOutcome | null;
  readonly effect: string;
}

async function harm(
  { mutant }: Check,
  ground: DrillGround,
  run: (target: Target) => Promise<CheckOutcome>,
): Promise<Harmed> {
  try {
    await using mutation = await mutant.apply(ground);
    const { target } = ground;
    const outcome = await run({ ...target, parts: { ...target.parts, ...mutation.parts } });
    return { outcome, effect: mutation.effect };
  } catch (error) {
    ground.signal.throwIfAborted();
    const why = error instanceof Error ? error.message : String(error);
    return { outcome: null, effect: `did not happen: ${why}` };
  }
}

function verdictOf(sound: Verdict, mutant: Verdict | null): Verdict {
  if (sound === "fail" || mutant === "pass") return "fail";
  return sound === "pass" && mutant === "fail" ? "pass" : "inconclusive";
}
