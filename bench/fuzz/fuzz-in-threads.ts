import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import type { FuzzTarget } from "./fuzz-target.ts";
import { type FuzzCount, type FuzzFinding, type FuzzRange, inputOf } from "./run-fuzz.ts";

/** What a thread is to try. */
export interface FuzzJob {
  readonly name: string;
  readonly range: FuzzRange;
  /** One whole number: the case that it tries; before the first one, `NO_CASE`. */
  readonly current: SharedArrayBuffer;
}

/** What a thread tells. */
export type FuzzNews =
  | { readonly kind: "finding"; readonly finding: FuzzFinding }
  | { readonly kind: "uncaught"; readonly number: number; readonly what: string }
  | { readonly kind: "done"; readonly count: FuzzCount };

const NO_CASE = -1;
const MEMORY_MIB = 1_024;
/** A thread that is at the same case for so long is blocked. */
const BLOCKED_AFTER_MS = 90_000;
const LOOK_MS = 1_000;
/** A target that blocks or ends again and again is given up. */
const MOST_RESTARTS = 20;

/** Tries a target in threads, which can be ended when a case blocks, and started again behind it. */
export async function fuzzInThreads(
  target: FuzzTarget,
  range: FuzzRange,
  onFinding: (finding: FuzzFinding) => void,
  onCase: (number: number) => void,
): Promise<FuzzCount> {
  const end = range.from + range.cases;
  let from = range.from;
  let total: FuzzCount = { target: target.name, cases: 0, refused: 0, slowestMs: 0, tookMs: 0 };
  for (let restarts = 0; from < end && restarts <= MOST_RESTARTS; restarts += 1) {
    const part = await runThread(target, { ...range, from, cases: end - from }, onFinding, onCase);
    total = sumOf(total, part.count);
    from = part.next;
  }
  return total;
}

function sumOf(one: FuzzCount, other: FuzzCount): FuzzCount {
  return {
    target: one.target,
    cases: one.cases + other.cases,
    refused: one.refused + other.refused,
    slowestMs: Math.max(one.slowestMs, other.slowestMs),
    tookMs: one.tookMs + other.tookMs,
  };
}

async function runThread(
  target: FuzzTarget,
  range: FuzzRange,
  onFinding: (finding: FuzzFinding) => void,
  onCase: (number: number) => void,
): Promise<{ readonly count: FuzzCount; readonly next: number }> {
  const job: FuzzJob = { name: target.name, range, current: new SharedArrayBuffer(4) };
  const current = new Int32Array(job.current);
  Atomics.store(current, 0, NO_CASE);
  const startedAtMs = performance.now();
  const worker = new Worker(new URL("./fuzz-thread-main.ts", import.meta.url), {
    workerData: job,
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MIB },
  });
  let done: FuzzCount | null = null;
  const found = (kind: FuzzFinding["kind"], number: number, what: string) =>
    onFinding({ target: target.name, kind, number, input: inputOf(target, range.seed, number), what });
  worker.on("message", (news: FuzzNews) => {
    if (news.kind === "finding") onFinding(news.finding);
    else if (news.kind === "uncaught") found("death", news.number, news.what);
    else done = news.count;
  });
  const currentCase = () => Math.max(range.from, Atomics.load(current, 0));
  worker.on("error", (error) => found("death", currentCase(), String(error)));
  const ended = once(worker, "exit").then(
    () => "ended" as const,
    () => "ended" as const,
  );
  let last = { number: NO_CASE, atMs: performance.now() };
  while ((await Promise.race([ended, delay(LOOK_MS, "runs" as const)])) === "runs") {
    const number = Atomics.load(current, 0);
    onCase(number);
    if (done !== null) break;
    if (number !== last.number) last = { number, atMs: performance.now() };
    // A thread that has no case yet loads its modules, or starts what it needs, on a machine that others use too.
    else if (number !== NO_CASE && performance.now() - last.atMs > BLOCKED_AFTER_MS) {
      found("hang", number, `blocked for ${BLOCKED_AFTER_MS} ms`);
      break;
    }
  }
  await worker.terminate();
  const next = currentCase() + 1;
  if (done !== null) return { count: done, next: range.from + range.cases };
  const cases = next - range.from;
  const tookMs = performance.now() - startedAtMs;
  return { count: { target: target.name, cases, refused: 0, slowestMs: 0, tookMs }, next };
}
