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
  | { readonly kind: "uncaught"; readonly what: string }
  | { readonly kind: "done"; readonly count: FuzzCount };

const NO_CASE = -1;
const MEMORY_MIB = 1_024;
/** A thread that is at the same case for so long is blocked. */
const BLOCKED_AFTER_MS = 90_000;
const LOOK_MS = 1_000;
/** A target that blocks or ends again and again is given up. */
const MOST_RESTARTS = 20;

/** What is told of a target while it is tried. */
export interface TargetWatch {
  readonly onFinding: (finding: FuzzFinding) => void;
  readonly onCase: (number: number) => void;
}

/** Tries targets in a thread, which is ended when a case blocks. Another one goes on behind that case. */
export class FuzzThreads implements AsyncDisposable {
  #worker: Worker | null = null;

  async run(target: FuzzTarget, range: FuzzRange, watch: TargetWatch): Promise<FuzzCount> {
    const end = range.from + range.cases;
    let from = range.from;
    let total: FuzzCount = { target: target.name, cases: 0, refused: 0, slowestMs: 0, tookMs: 0 };
    for (let restarts = 0; from < end && restarts <= MOST_RESTARTS; restarts += 1) {
      const part = await this.#runPart(target, { ...range, from, cases: end - from }, watch);
      total = sumOf(total, part.count);
      from = part.next;
    }
    return total;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker?.terminate();
    this.#worker = null;
  }

  async #runPart(target: FuzzTarget, range: FuzzRange, watch: TargetWatch) {
    this.#worker ??= new Worker(new URL("./fuzz-thread-main.ts", import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MIB },
    });
    const worker = this.#worker;
    const part = new WatchedPart(target, range, watch);
    worker.on("message", part.onNews).on("error", part.onError).on("exit", part.onExit);
    worker.postMessage(part.job);
    const isDone = await part.ended();
    worker.off("message", part.onNews).off("error", part.onError).off("exit", part.onExit);
    if (!isDone) await this[Symbol.asyncDispose]();
    return part.result();
  }
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

/** The cases of a target that one thread tries. */
class WatchedPart {
  readonly job: FuzzJob;
  readonly #target: FuzzTarget;
  readonly #range: FuzzRange;
  readonly #watch: TargetWatch;
  readonly #current: Int32Array;
  readonly #startedAtMs = performance.now();
  readonly #finished = Promise.withResolvers<void>();
  #count: FuzzCount | null = null;
  #hasExited = false;

  constructor(target: FuzzTarget, range: FuzzRange, watch: TargetWatch) {
    this.#target = target;
    this.#range = range;
    this.#watch = watch;
    this.job = { name: target.name, range, current: new SharedArrayBuffer(4) };
    this.#current = new Int32Array(this.job.current);
    Atomics.store(this.#current, 0, NO_CASE);
  }

  readonly onNews = (news: FuzzNews): void => {
    if (news.kind === "finding") this.#watch.onFinding(news.finding);
    else if (news.kind === "uncaught") this.#found("death", news.what);
    else {
      this.#count = news.count;
      this.#finished.resolve();
    }
  };

  readonly onError = (error: Error): void => this.#found("death", String(error));

  readonly onExit = (): void => {
    this.#hasExited = true;
    this.#finished.resolve();
  };

  /** Resolves when all cases were tried, or the thread has ended or is blocked. Returns whether all were. */
  async ended(): Promise<boolean> {
    let last = { number: NO_CASE, atMs: performance.now() };
    for (;;) {
      await Promise.race([this.#finished.promise, delay(LOOK_MS)]);
      const number = Atomics.load(this.#current, 0);
      this.#watch.onCase(number);
      if (this.#count !== null) return true;
      if (this.#hasExited) return false;
      if (number !== last.number) last = { number, atMs: performance.now() };
      // A thread without a case yet loads its modules, or starts what it needs, on a machine that others use too.
      else if (number !== NO_CASE && performance.now() - last.atMs > BLOCKED_AFTER_MS) {
        this.#found("hang", `blocked for ${BLOCKED_AFTER_MS} ms`);
        return false;
      }
    }
  }

  /** What was tried, and the case to go on with. */
  result(): { readonly count: FuzzCount; readonly next: number } {
    const { from, cases } = this.#range;
    if (this.#count !== null) return { count: this.#count, next: from + cases };
    const next = this.#number() + 1;
    const tookMs = performance.now() - this.#startedAtMs;
    const count = { target: this.#target.name, cases: next - from, refused: 0, slowestMs: 0, tookMs };
    return { count, next };
  }

  #number(): number {
    return Math.max(this.#range.from, Atomics.load(this.#current, 0));
  }

  #found(kind: FuzzFinding["kind"], what: string): void {
    const number = this.#number();
    const input = inputOf(this.#target, this.#range.seed, number);
    this.#watch.onFinding({ target: this.#target.name, kind, number, input, what });
  }
}
