import fc from "fast-check";
import type { FuzzTarget } from "./fuzz-target.ts";

/** A defect: an undocumented error, or a case that takes too long. */
interface FuzzFinding {
  readonly target: string;
  readonly kind: "stack" | "hang";
  readonly input: string;
  readonly what: string;
}

/** The number of cases of a target, by result. */
export interface FuzzCount {
  readonly target: string;
  readonly cases: number;
  readonly refused: number;
  /** Of CPU time. */
  readonly slowestMs: number;
  /** Of wall time, including the generation of inputs. */
  readonly tookMs: number;
}

/** The result of a fuzz run. */
export interface FuzzOutcome {
  readonly counts: readonly FuzzCount[];
  readonly findings: readonly FuzzFinding[];
}

/** A case that takes longer counts as a hang. */
const HANG_MS = 1_000;
const BATCH = 1_000;
/** More findings of one kind would give no new information. */
const MAX_FINDINGS = 20;

/** Tests every target with `cases` inputs determined by the seed, and continues after any finding. */
export async function runFuzz(
  targets: readonly FuzzTarget[],
  { cases, seed }: { readonly cases: number; readonly seed: number },
  onTarget: (count: FuzzCount) => void = () => undefined,
): Promise<FuzzOutcome> {
  const counts: FuzzCount[] = [];
  const findings: FuzzFinding[] = [];
  for (const target of targets) {
    const found = await tryTarget(target, cases, seed);
    findings.push(...found.findings);
    counts.push(found.count);
    onTarget(found.count);
  }
  return { counts, findings };
}

async function tryTarget(target: FuzzTarget, cases: number, seed: number) {
  const findings: FuzzFinding[] = [];
  let refused = 0;
  let slowestMs = 0;
  const startedAtMs = performance.now();
  for (let done = 0; done < cases; done += BATCH) {
    const numRuns = Math.min(BATCH, cases - done);
    for (const input of fc.sample(target.inputs, { numRuns, seed: seed + done })) {
      const { elapsedMs, error } = await tryCase(target, input);
      slowestMs = Math.max(slowestMs, elapsedMs);
      if (error !== undefined) refused += 1;
      const what = complaintOf(target, elapsedMs, error);
      if (what !== undefined && findings.length < MAX_FINDINGS)
        findings.push({ target: target.name, input, ...what });
    }
    // Effects that a case left behind, such as an unhandled rejection, appear now.
    await new Promise((resolve) => setImmediate(resolve));
  }
  const tookMs = performance.now() - startedAtMs;
  return { count: { target: target.name, cases, refused, slowestMs, tookMs }, findings };
}

async function tryCase({ read }: FuzzTarget, input: string) {
  // CPU time: on a shared machine wall time would make any case slow.
  const before = process.cpuUsage();
  let error: unknown;
  try {
    await read(input);
  } catch (thrown) {
    error = thrown ?? new Error("nothing was thrown");
  }
  const { user, system } = process.cpuUsage(before);
  return { elapsedMs: (user + system) / 1_000, error };
}

function complaintOf(
  { documented }: FuzzTarget,
  elapsedMs: number,
  error: unknown,
): Pick<FuzzFinding, "kind" | "what"> | undefined {
  if (error !== undefined && !documented(error)) {
    return { kind: "stack", what: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  if (elapsedMs > HANG_MS) return { kind: "hang", what: `${Math.round(elapsedMs)} ms` };
  return undefined;
}
