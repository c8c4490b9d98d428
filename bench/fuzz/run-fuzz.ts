import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { endingOf } from "../../cli/exit.ts";
import { KanitError } from "../../core/index.ts";
import type { FuzzTarget, OpenedTarget } from "./fuzz-target.ts";

/** A defect that a case showed. */
export interface FuzzFinding {
  readonly target: string;
  /** `warning`: the program said so on its own; `memory`: what was read stays. */
  readonly kind: "death" | "stack" | "hang" | "warning" | "memory";
  /** The number of the case, by which the seed makes it again. */
  readonly number: number;
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

/** The cases of a target: the same seed and number make the same case. */
export interface FuzzRange {
  readonly seed: number;
  readonly from: number;
  readonly cases: number;
}

/** What is told while cases are tried. */
export interface FuzzWatch {
  readonly onCase: (number: number) => void;
  readonly onFinding: (finding: FuzzFinding) => void;
}

/** A case that takes more CPU time is a hang. */
const HANG_MS = 1_000;
/** And so is one that has no answer after this time, on a machine that others use too. */
const DEADLINE_MS = 30_000;
const BATCH = 1_000;
/** What may stay in memory after all cases of a target. */
const MOST_GROWTH_BYTES = 64 * 1024 * 1024;
const STACK = /^\s+at .+(?:\.[cm]?[jt]s|node:[\w/]+):\d+:\d+/m;

/** The input of one case. */
export function inputOf(target: FuzzTarget, seed: number, number: number): string {
  const place = number % BATCH;
  return batchOf(target, seed, number - place, place + 1)[place] ?? "";
}

/** The first cases of a batch, which are the same however many there are. */
function batchOf({ inputs }: FuzzTarget, seed: number, first: number, count: number): readonly string[] {
  return fc.sample(inputs, { numRuns: Math.min(BATCH, count), seed: seed + first });
}

/** Tries the cases of a range on a target, and continues after any finding. */
export async function runFuzz(target: FuzzTarget, range: FuzzRange, watch: FuzzWatch): Promise<FuzzCount> {
  const { seed, from, cases } = range;
  let refused = 0;
  let slowestMs = 0;
  let current = { number: from, input: "" };
  const find = (kind: FuzzFinding["kind"], what: string) =>
    watch.onFinding({ target: target.name, kind, ...current, what });
  const onWarning = (warning: Error & { detail?: string }) =>
    find("warning", `${warning.name}: ${warning.message}\n${warning.detail ?? ""}`);
  process.on("warning", onWarning);
  const startedAtMs = performance.now();
  await using opened = await target.open();
  // Fewer cases could not fill it.
  const heapBytes = cases < BATCH ? null : heapInUse();
  for (let first = from - (from % BATCH); first < from + cases; first += BATCH) {
    const inputs = batchOf(target, seed, first, from + cases - first);
    for (const [index, input] of inputs.entries()) {
      const number = first + index;
      if (number < from || number >= from + cases) continue;
      current = { number, input };
      watch.onCase(number);
      const result = await tryCase(opened, input);
      slowestMs = Math.max(slowestMs, result.cpuMs);
      if (result.kind === "refused") refused += 1;
      const complaint = complaintOf(target, result);
      if (complaint !== null) find(complaint.kind, complaint.what);
    }
    // Effects that a case left behind, such as an unhandled rejection, appear now.
    await new Promise((resolve) => setImmediate(resolve));
  }
  const grownBytes = heapBytes === null ? 0 : heapInUse() - heapBytes;
  if (grownBytes > MOST_GROWTH_BYTES)
    find("memory", `${Math.round(grownBytes / 2 ** 20)} MiB stay in memory`);
  process.off("warning", onWarning);
  return { target: target.name, cases, refused, slowestMs, tookMs: performance.now() - startedAtMs };
}

type CaseResult = { readonly cpuMs: number } & (
  | { readonly kind: "read"; readonly value: unknown }
  | { readonly kind: "refused"; readonly error: unknown }
  | { readonly kind: "no-answer" }
);

async function tryCase({ read }: OpenedTarget, input: string): Promise<CaseResult> {
  // CPU time: on a shared machine wall time would make any case slow.
  const before = process.threadCpuUsage();
  const cpuMs = () => {
    const { user, system } = process.threadCpuUsage(before);
    return (user + system) / 1_000;
  };
  try {
    const value = read(input);
    if (!(value instanceof Promise)) return { kind: "read", value, cpuMs: cpuMs() };
    const answer = await withDeadline(value);
    return answer === NO_ANSWER
      ? { kind: "no-answer", cpuMs: cpuMs() }
      : { kind: "read", value: answer, cpuMs: cpuMs() };
  } catch (error) {
    return { kind: "refused", error: error ?? new Error("nothing was thrown"), cpuMs: cpuMs() };
  }
}

const NO_ANSWER = Symbol("no answer");

async function withDeadline(promise: Promise<unknown>): Promise<unknown> {
  const { promise: late, resolve } = Promise.withResolvers<typeof NO_ANSWER>();
  const timer = setTimeout(resolve, DEADLINE_MS, NO_ANSWER);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function complaintOf(
  { documented }: FuzzTarget,
  result: CaseResult,
): { readonly kind: FuzzFinding["kind"]; readonly what: string } | null {
  if (result.kind === "no-answer") return { kind: "hang", what: `no answer after ${DEADLINE_MS} ms` };
  if (result.cpuMs > HANG_MS) return { kind: "hang", what: `${Math.round(result.cpuMs)} ms of CPU time` };
  if (result.kind === "read") {
    const shows = typeof result.value === "string" && STACK.test(result.value);
    return shows ? { kind: "stack", what: String(result.value).slice(0, 2_000) } : null;
  }
  const { error } = result;
  if (!documented(error)) {
    return { kind: "stack", what: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  if (!(error instanceof KanitError)) return null;
  // What the command line would print of it.
  const { message } = endingOf(error, (text) => text);
  return STACK.test(message ?? "") ? { kind: "stack", what: `${message}\n${error.stack}` } : null;
}

/** What is in use after everything that can be was removed. */
function heapInUse(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  return getHeapStatistics().used_heap_size;
}
