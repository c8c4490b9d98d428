import { binanceError } from "../binance-error.ts";
import type { UserDataHub } from "../user-data/user-data-hub.ts";

/**
 * How a subscription was authorized: by the session's logon, with which it also ends, or by its own
 * signature.
 */
type Authority = "session" | "signature";

const MAX_SUBSCRIPTIONS = 1_000;

/** One connection's subscriptions to the account's events. */
export class UserSubscriptions {
  readonly #hub: UserDataHub;
  readonly #send: (text: string) => void;
  readonly #nowMs: () => number;
  readonly #active = new Map<number, { authority: Authority; end: () => void }>();
  #nextId = 0;

  constructor(hub: UserDataHub, send: (text: string) => void, nowMs: () => number) {
    this.#hub = hub;
    this.#send = send;
    this.#nowMs = nowMs;
  }

  get ids(): readonly number[] {
    return [...this.#active.keys()];
  }

  /** Subscribes and returns the subscription's id. Throws -1191: a session's account has one subscription. */
  add(authority: Authority): number {
    const hasOwn = [...this.#active.values()].some((active) => active.authority === authority);
    if (hasOwn && authority === "session") throw binanceError.tooManySubscriptions(1);
    if (this.#active.size >= MAX_SUBSCRIPTIONS) throw binanceError.tooManySubscriptions(MAX_SUBSCRIPTIONS);
    const id = this.#nextId++;
    const end = this.#hub.subscribe((_, json) => this.#send(`{"subscriptionId":${id},"event":${json}}`));
    this.#active.set(id, { authority, end });
    return id;
  }

  /** Ends one subscription, or all. Throws -1130 when there is no such subscription. */
  remove(id: number | undefined): void {
    if (id !== undefined && !this.#active.has(id)) throw binanceError.invalidData("subscriptionId");
    for (const active of id === undefined ? this.ids : [id]) this.#terminate(active);
  }

  /** Ends the subscriptions that the session's logon authorized. */
  endSession(): void {
    for (const [id, { authority }] of this.#active) if (authority === "session") this.#terminate(id);
  }

  /** Ends all without notice, since the connection is closed. */
  drop(): void {
    for (const { end } of this.#active.values()) end();
    this.#active.clear();
  }

  #terminate(id: number): void {
    this.#active.get(id)?.end();
    this.#active.delete(id);
    const event = { e: "eventStreamTerminated", E: this.#nowMs() };
    this.#send(JSON.stringify({ subscriptionId: id, event }));
  }
}
