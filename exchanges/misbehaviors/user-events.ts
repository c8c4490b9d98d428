import type { Clock } from "../../core/index.ts";
import { DelayLine } from "../delay-line.ts";
import type { Occasions } from "./misbehavior.ts";
import { userEventsCoalesced } from "./user-events-coalesced.ts";
import { userEventsDuplicated } from "./user-events-duplicated.ts";
import { userEventsLate } from "./user-events-late.ts";
import { userEventsOutOfOrder } from "./user-events-out-of-order.ts";
import { zeroLastQuantity } from "./zero-last-quantity.ts";

/** An event of the account, as Binance writes it. */
interface AccountEvent {
  readonly e: string;
  readonly [field: string]: unknown;
}

const ZERO = "0.00000000";
/** How long an event waits to be overtaken by another; then it is sent alone. */
const OVERTAKING_MS = 2_000;

/**
 * Delivers the account's events to the client, with the misbehaviors that delay, drop, repeat or reorder
 * them.
 */
export class UserEventDelivery<Event extends AccountEvent> {
  readonly #occasions: Occasions;
  readonly #line: DelayLine<Event>;
  #overtaken: { readonly event: Event; readonly timer: NodeJS.Timeout } | undefined;
  /** Orders whose NEW is held until it is known whether they filled immediately. */
  #fresh: Event | undefined;

  constructor(occasions: Occasions, clock: Clock, pass: (event: Event) => void) {
    this.#occasions = occasions;
    this.#line = new DelayLine(clock, pass);
  }

  /** Sends an event. */
  send(event: Event): void {
    const isReport = event.e === "executionReport";
    if (isReport && this.#keepsFresh(event)) return;
    this.#order(isReport ? this.#withoutLast(event) : event, isReport);
    if (isReport && event.x === "TRADE") this.#replay(event);
  }

  #replay(event: Event): void {
    const struck = this.#occasions.strikes(userEventsDuplicated);
    if (struck === undefined) return;
    if (struck.afterMs === 0) this.#delay(event);
    else setTimeout(() => this.#delay(event), struck.afterMs).unref();
  }

  /**
   * A NEW is dropped when the same order's TRADE follows directly; otherwise it is sent before the next
   * event.
   */
  #keepsFresh(event: Event): boolean {
    const fresh = this.#fresh;
    this.#fresh = undefined;
    const isSame = fresh !== undefined && event.i === fresh.i && event.x === "TRADE";
    if (fresh !== undefined && !isSame) this.#order(fresh, true);
    if (event.x !== "NEW" || this.#occasions.strikes(userEventsCoalesced) === undefined) return false;
    this.#fresh = event;
    // The executions of one request come in one turn of the event loop: a later event does not belong to it.
    setImmediate(() => {
      if (this.#fresh !== event) return;
      this.#fresh = undefined;
      this.#order(event, true);
    });
    return true;
  }

  #withoutLast(event: Event): Event {
    if (event.x !== "TRADE" || event.X !== "FILLED") return event;
    return this.#occasions.strikes(zeroLastQuantity) === undefined
      ? event
      : { ...event, l: ZERO, L: ZERO, Y: ZERO };
  }

  /** Holds a report back until the next one was sent. */
  #order(event: Event, isReport: boolean): void {
    const held = this.#overtaken;
    if (isReport && held === undefined && this.#occasions.strikes(userEventsOutOfOrder) !== undefined) {
      const timer = setTimeout(() => this.#letGo(), OVERTAKING_MS);
      timer.unref();
      this.#overtaken = { event, timer };
      return;
    }
    this.#delay(event);
    if (isReport && held !== undefined) this.#letGo();
  }

  #letGo(): void {
    if (this.#overtaken === undefined) return;
    const { event, timer } = this.#overtaken;
    clearTimeout(timer);
    this.#overtaken = undefined;
    this.#delay(event);
  }

  #delay(event: Event): void {
    this.#line.put(event, this.#occasions.strikes(userEventsLate)?.delayMs ?? 0);
  }
}
