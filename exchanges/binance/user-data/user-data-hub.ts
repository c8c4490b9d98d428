import type { Clock } from "../../../core/index.ts";
import type { AccountListener, Execution } from "../../market/matching/execution.ts";
import type { Ledger } from "../../market/matching/ledger.ts";
import type { Order } from "../../market/matching/order.ts";
import type { Units } from "../../market/units.ts";
import type { Occasions } from "../../misbehaviors/misbehavior.ts";
import { UserEventDelivery } from "../../misbehaviors/user-events.ts";
import { accountPosition, balanceUpdate, executionReport, type UserEvent } from "./user-event.ts";

/** A receiver of the account's events: gets each as JSON, serialized once for all receivers. */
export type UserEventSink = (event: UserEvent, json: string) => void;

/**
 * Sends the account's events in the order in which they happened: for each request or market event first the
 * executions, then the resulting balances.
 */
export class UserDataHub implements AccountListener {
  readonly #ledger: Ledger;
  readonly #clock: Clock;
  readonly #sinks = new Set<UserEventSink>();
  readonly #delivery: UserEventDelivery<UserEvent>;
  #nextExecutionId: number;

  constructor(
    ledger: Ledger,
    { clock, misbehaviors }: { clock: Clock; misbehaviors: Occasions },
    firstExecutionId: number,
  ) {
    this.#ledger = ledger;
    this.#clock = clock;
    this.#delivery = new UserEventDelivery(misbehaviors, clock, (event) => this.#deliver(event));
    this.#nextExecutionId = firstExecutionId;
  }

  /** Adds a sink. Returns the function that removes it. */
  subscribe(sink: UserEventSink): () => void {
    this.#sinks.add(sink);
    return () => this.#sinks.delete(sink);
  }

  onExecution(order: Order, execution: Execution): void {
    const executionId = this.#nextExecutionId++;
    if (this.#sinks.size === 0) return;
    this.#emit(executionReport(order, execution, { nowMs: this.#nowMs(), executionId }));
  }

  onBalances(assets: readonly string[]): void {
    if (this.#sinks.size === 0) return;
    const nowMs = this.#nowMs();
    const balances = assets.map((asset) => this.#ledger.balance(asset));
    this.#emit(accountPosition(balances, nowMs, nowMs));
  }

  onTransfer(asset: string, amount: Units): void {
    this.#emit(balanceUpdate(asset, amount, this.#nowMs()));
  }

  #emit(event: UserEvent): void {
    this.#delivery.send(event);
  }

  #deliver(event: UserEvent): void {
    const json = JSON.stringify(event);
    for (const sink of this.#sinks) sink(event, json);
  }

  #nowMs(): number {
    return Math.floor(this.#clock.nowMs());
  }
}
