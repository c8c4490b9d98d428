import { Worker } from "node:worker_threads";
import {
  type Clock,
  EXIT_CODE,
  KanitError,
  steadyClock,
  UnavailableError,
  UsageError,
} from "../core/index.ts";
import { ownModule } from "../installation/index.ts";
import { completeLoadPlan, type LoadPlan, type LoadPlanInput } from "./load-plan.ts";
import type { LoadResult, LoadTick } from "./load-result.ts";
import type { Operation } from "./operation.ts";
import { summarize } from "./summarize.ts";
import type { FromWorker, ToWorker, WorkerOptions } from "./worker/messages.ts";

/** A running load. */
export interface RunningLoad extends AsyncDisposable {
  /** The load's start on the epoch clock; all its times count from it. */
  readonly startedAtEpochMs: number;
  /** Calls `listener` every 250 ms, and once more at the stop; returns the function that removes it. */
  onTick(listener: (tick: LoadTick) => void): () => void;
  /** Resolves after the last planned start, or when the arrivals were stopped. */
  arrivalsEnded(): Promise<void>;
  /** Stops the arrivals and waits for operations in flight and for pending retries. */
  settle(): Promise<void>;
  /**
   * Ends everything immediately and returns the result; operations in flight end as `unknown` with the error
   * `stopped`, so call `settle` first. Further calls return the same result.
   */
  stop(): Promise<LoadResult>;
}

/** Four times the default: fewer garbage collections, each of which would add to the generator's lag. */
const YOUNG_GENERATION_MB = 64;

/**
 * Starts an open-loop load in its own thread, so that the runner's work does not delay it. Resolves just
 * before the first operation starts: for the order flow, when the first quotes arrived or `quotesWithinMs`
 * passed without them.
 *
 * @param clock by which the load's start is stated.
 * @throws UsageError `bad-load-plan`, `load-without-api`; UnavailableError `driver-not-ready`; KanitError
 *   `load-worker-failed` from any of its promises when the thread ends unexpectedly.
 */
export async function startLoad(
  input: LoadPlanInput,
  clock: Pick<Clock, "nowMs"> = steadyClock,
): Promise<RunningLoad> {
  const plan = completeLoadPlan(input);
  requireApi(plan);
  const keyPrefix = plan.keyPrefix ?? `kanit-${plan.seed}-${Date.now().toString(36)}`;
  const options: WorkerOptions = { plan, keyPrefix };
  const worker = new Worker(ownModule("./worker/main.ts", import.meta.url), {
    workerData: options,
    name: "load",
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
  });
  const link = new WorkerLink(worker);
  try {
    await link.reached("ready");
  } catch (error) {
    await worker.terminate();
    throw error;
  }
  const startedAtEpochMs = clock.nowMs();
  const startedAtOriginMs = performance.timeOrigin + performance.now();
  link.send({ type: "start", startedAtEpochMs, startedAtOriginMs });

  let result: Promise<LoadResult> | undefined;
  const stop = (): Promise<LoadResult> => {
    result ??= link.stop(startedAtEpochMs);
    return result;
  };
  return {
    startedAtEpochMs,
    onTick: (listener) => {
      link.tickListeners.add(listener);
      return () => link.tickListeners.delete(listener);
    },
    arrivalsEnded: () => link.reached("arrivals-ended"),
    settle: () => {
      link.send({ type: "settle" });
      return link.reached("settled");
    },
    stop,
    [Symbol.asyncDispose]: async () => {
      await stop();
    },
  };
}

/** @throws UsageError `load-without-api` for orders to a platform whose API the plan does not describe. */
function requireApi({ workload, api }: LoadPlan): void {
  if (workload.kind !== "order-flow" || api !== null) return;
  throw new UsageError({
    code: "load-without-api",
    message: "Expected a load of orders to say how the platform's API is spoken, got none.",
    nextStep: "Give the plan the `api` of a platform's definition.",
  });
}

type Milestone = "ready" | "arrivals-ended" | "settled";

/** The runner's end of the messages to and from the worker. */
class WorkerLink {
  readonly tickListeners = new Set<(tick: LoadTick) => void>();
  readonly #worker: Worker;
  readonly #operations: Operation[] = [];
  readonly #milestones = {
    ready: Promise.withResolvers<void>(),
    "arrivals-ended": Promise.withResolvers<void>(),
    settled: Promise.withResolvers<void>(),
  };
  readonly #stopped = Promise.withResolvers<Extract<FromWorker, { type: "stopped" }>>();

  constructor(worker: Worker) {
    this.#worker = worker;
    worker.on("message", (message: FromWorker) => this.#receive(message));
    worker.on("error", (error) => this.#fail(workerFailed(`it threw ${String(error)}`, error)));
    worker.on("exit", (code) => this.#fail(workerFailed(`it exited with code ${code}`)));
    for (const { promise } of Object.values(this.#milestones)) promise.catch(ignoreUnasked);
    this.#stopped.promise.catch(ignoreUnasked);
  }

  send(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  reached(milestone: Milestone): Promise<void> {
    return this.#milestones[milestone].promise;
  }

  async stop(startedAtEpochMs: number): Promise<LoadResult> {
    this.send({ type: "stop" });
    const { durationMs, generator, unmapped, unrecordedRequests, quoteStream } = await this.#stopped.promise;
    for (const { resolve } of Object.values(this.#milestones)) resolve();
    await this.#worker.terminate();
    const operations = this.#operations;
    return {
      startedAtEpochMs,
      durationMs,
      operations,
      totals: summarize(operations),
      generator,
      unmapped,
      unrecordedRequests,
      quoteStream,
    };
  }

  #receive(message: FromWorker): void {
    if (message.type === "tick") for (const listener of this.tickListeners) listener(message.tick);
    else if (message.type === "operations") this.#operations.push(...message.operations);
    else if (message.type === "not-ready") this.#fail(new UnavailableError(message));
    else if (message.type === "stopped") this.#stopped.resolve(message);
    else this.#milestones[message.type].resolve();
  }

  /** Rejects every pending promise; promises that were already settled stay as they are. */
  #fail(error: KanitError): void {
    for (const { reject } of Object.values(this.#milestones)) reject(error);
    this.#stopped.reject(error);
  }
}

/**
 * The same failure rejects several promises. Callers see it on the one that they await; the others must not
 * end the process.
 */
function ignoreUnasked(): undefined {
  return undefined;
}

function workerFailed(came: string, cause?: unknown): KanitError {
  return new KanitError({
    code: "load-worker-failed",
    message: `Expected the load's thread to run until it is stopped, but ${came}.`,
    nextStep:
      "Run it again with a lower rate; if it fails the same way, report the message with the load's plan.",
    exitCode: EXIT_CODE.internal,
    cause,
  });
}
