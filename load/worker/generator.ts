import type { Alarm } from "../alarm.ts";
import { type ArrivalLoop, runArrivalLoop } from "../arrival-loop.ts";
import { plannedStartsMs } from "../arrivals.ts";
import type { HttpClient, HttpResult } from "../http/exchange.ts";
import { LatencyHistogram } from "../latency-histogram.ts";
import type { LoadPlan } from "../load-plan.ts";
import type { LoadTick } from "../load-result.ts";
import type { Operation } from "../operation.ts";
import type { PreparedOperation, Reading, Workload } from "../workloads/workload.ts";
import { TickRecorder } from "./tick-recorder.ts";

/** What a generator works with. */
export interface GeneratorOptions {
  readonly plan: LoadPlan;
  readonly workload: Workload;
  readonly client: HttpClient;
  readonly alarm: Alarm;
  readonly startedAtEpochMs: number;
  readonly arrivalsEnded: () => void;
}

/** An attempt of an operation: the first at a planned start, or a client's retry. */
interface Try {
  readonly prepared: PreparedOperation;
  readonly plannedAtMs: number;
  readonly attempt: number;
  readonly attemptOf: number | null;
}

const NOT_SENT: Omit<Reading, "outcome" | "retryInMs"> = {
  httpStatus: null,
  error: "max-in-flight",
  orderId: null,
  clientOrderId: null,
  orderStatus: null,
  executedQuantity: null,
};

/** The open loop: starts operations at their planned times and records how they ended. */
export class LoadGenerator {
  readonly operations: Operation[] = [];
  readonly lags = new LatencyHistogram();
  readonly #options: GeneratorOptions;
  readonly #ticks: TickRecorder;
  readonly #startedAtMs: number;
  readonly #arrivals: ArrivalLoop;
  readonly #retries = new Set<NodeJS.Timeout>();
  readonly #idle: (() => void)[] = [];
  #stopped = false;
  #inFlight = 0;
  #lastId = 0;

  constructor(options: GeneratorOptions) {
    this.#options = options;
    this.#ticks = new TickRecorder(options.startedAtEpochMs);
    this.#startedAtMs = options.startedAtEpochMs - performance.timeOrigin;
    this.#arrivals = runArrivalLoop({
      plannedStartsMs: plannedStartsMs(options.plan.arrivals, options.plan.seed),
      nowMs: () => this.nowMs(),
      alarm: options.alarm,
      start: (plannedAtMs) => {
        for (const prepared of options.workload.next()) {
          this.#start({ prepared, plannedAtMs, attempt: 1, attemptOf: null });
        }
      },
      ended: options.arrivalsEnded,
    });
  }

  /** Milliseconds since the load's start. */
  nowMs(): number {
    return performance.now() - this.#startedAtMs;
  }

  tick(): LoadTick {
    this.#arrivals.pump();
    return this.#ticks.take(this.nowMs(), this.#inFlight);
  }

  /** Plans no further starts; resolves when nothing is in flight and no retry is pending. */
  settle(): Promise<void> {
    this.#arrivals.stop();
    return new Promise((resolve) => {
      this.#idle.push(resolve);
      this.#announceIdle();
    });
  }

  /** Plans no further starts, cancels retries, and ends operations in flight as `unknown`. */
  stop(): void {
    this.#stopped = true;
    this.#arrivals.stop();
    for (const timer of this.#retries) clearTimeout(timer);
    this.#retries.clear();
    this.#options.client.close();
    this.#announceIdle();
  }

  #start(attempt: Try): void {
    const startedAtMs = this.nowMs();
    this.#lastId += 1;
    const id = this.#lastId;
    if (this.#inFlight >= this.#options.plan.maxInFlight) {
      this.#keep(id, attempt, startedAtMs, startedAtMs, { ...NOT_SENT, outcome: "dropped" });
      return;
    }
    this.#inFlight += 1;
    this.lags.record(startedAtMs - attempt.plannedAtMs);
    this.#ticks.started(startedAtMs - attempt.plannedAtMs);
    this.#options.client.send(attempt.prepared.http, (result) => this.#end(id, attempt, startedAtMs, result));
  }

  #end(id: number, attempt: Try, startedAtMs: number, result: HttpResult): void {
    const endedAtMs = this.nowMs();
    this.#inFlight -= 1;
    const { retryInMs, ...reading } = this.#options.workload.read(attempt.prepared, result, attempt.attempt);
    this.#keep(id, attempt, startedAtMs, endedAtMs, reading);
    if (retryInMs !== null && !this.#stopped) this.#retry(id, attempt, endedAtMs + retryInMs);
    this.#announceIdle();
  }

  #retry(id: number, failed: Try, plannedAtMs: number): void {
    const timer = setTimeout(
      () => {
        this.#retries.delete(timer);
        this.#start({
          prepared: failed.prepared,
          plannedAtMs,
          attempt: failed.attempt + 1,
          attemptOf: failed.attemptOf ?? id,
        });
        this.#announceIdle();
      },
      Math.ceil(plannedAtMs - this.nowMs()),
    );
    this.#retries.add(timer);
  }

  #keep(
    id: number,
    attempt: Try,
    startedAtMs: number,
    endedAtMs: number,
    reading: Omit<Reading, "outcome" | "retryInMs"> & Pick<Operation, "outcome">,
  ): void {
    const { prepared, plannedAtMs } = attempt;
    const operation: Operation = {
      id,
      kind: prepared.kind,
      plannedAtMs,
      startedAtMs,
      endedAtMs,
      ...reading,
      orderId: reading.orderId ?? prepared.orderId,
      attempt: attempt.attempt,
      attemptOf: attempt.attemptOf,
      idempotencyKey: prepared.idempotencyKey,
      request: { method: prepared.http.method, path: prepared.http.path, order: prepared.order },
    };
    this.operations.push(operation);
    this.#ticks.completed(operation);
  }

  #announceIdle(): void {
    if (this.#inFlight > 0 || this.#retries.size > 0) return;
    for (const resolve of this.#idle.splice(0)) resolve();
  }
}
