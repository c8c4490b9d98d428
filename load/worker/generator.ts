import type { Answer } from "../../api/index.ts";
import type { Alarm } from "../alarm.ts";
import { type ArrivalLoop, runArrivalLoop } from "../arrival-loop.ts";
import { plannedStartsMs } from "../arrivals.ts";
import { LatencyHistogram } from "../latency-histogram.ts";
import type { LoadPlan } from "../load-plan.ts";
import type { LoadTick, UnmappedAnswers } from "../load-result.ts";
import type { Operation } from "../operation.ts";
import type { PreparedOperation, Reading, Workload } from "../workloads/workload.ts";
import { TickRecorder } from "./tick-recorder.ts";

/** What a generator works with. */
export interface GeneratorOptions {
  readonly plan: LoadPlan;
  readonly workload: Workload;
  readonly alarm: Alarm;
  readonly startedAtEpochMs: number;
  readonly startedAtOriginMs: number;
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
  #unmapped = 0;
  #firstUnmapped: string | null = null;
  #lastId = 0;

  constructor(options: GeneratorOptions) {
    this.#options = options;
    this.#ticks = new TickRecorder(options.startedAtEpochMs);
    this.#startedAtMs = options.startedAtOriginMs - performance.timeOrigin;
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

  /** Plans no further starts, cancels retries, ends operations in flight as `unknown`, and waits until they have. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const timer of this.#retries) clearTimeout(timer);
    this.#retries.clear();
    const closed = this.#options.workload.close();
    await this.settle();
    await closed;
  }

  /** What could not be mapped so far. */
  get unmapped(): UnmappedAnswers {
    return { count: this.#unmapped, first: this.#firstUnmapped };
  }

  #start(attempt: Try): void {
    const startedAtMs = this.nowMs();
    this.#lastId += 1;
    const id = this.#lastId;
    if (this.#inFlight >= this.#options.plan.maxInFlight) {
      const sent = { method: "–", path: attempt.prepared.kind };
      this.#keep(id, attempt, startedAtMs, startedAtMs, { ...NOT_SENT, outcome: "dropped", sent });
      return;
    }
    this.#inFlight += 1;
    this.lags.record(startedAtMs - attempt.plannedAtMs);
    this.#ticks.started(startedAtMs - attempt.plannedAtMs);
    this.#options.workload.send(attempt.prepared, (answer) => this.#end(id, attempt, startedAtMs, answer));
  }

  #end(id: number, attempt: Try, startedAtMs: number, answer: Answer): void {
    const endedAtMs = this.nowMs();
    this.#inFlight -= 1;
    const { retryInMs, ...reading } = this.#options.workload.read(attempt.prepared, answer, attempt.attempt);
    if (answer.unreadable !== null) {
      this.#unmapped += 1;
      this.#firstUnmapped ??= answer.unreadable;
    }
    this.#keep(id, attempt, startedAtMs, endedAtMs, { ...reading, sent: answer.sent });
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
    end: Omit<Reading, "outcome" | "retryInMs"> & Pick<Operation, "outcome"> & Pick<Answer, "sent">,
  ): void {
    const { prepared, plannedAtMs } = attempt;
    const { sent, ...reading } = end;
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
      request: { ...sent, order: prepared.order },
    };
    this.operations.push(operation);
    this.#ticks.completed(operation);
  }

  #announceIdle(): void {
    if (this.#inFlight > 0 || this.#retries.size > 0) return;
    for (const resolve of this.#idle.splice(0)) resolve();
  }
}
