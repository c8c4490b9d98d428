import type { Clock } from "../../../core/index.ts";
import { ApiError } from "../api/api-error.ts";

/** How a lease came to its end. */
export type LeaseEnding = "lapsed" | "released";

/** What the control API says of a lease. */
export interface LeaseBody {
  readonly id: string;
  readonly owner: string;
  /** How long it holds after it was opened or renewed. */
  readonly ttlMs: number;
  /** When it lapses unless it is renewed, in milliseconds since the Unix epoch. */
  readonly expiresAtMs: number;
}

/**
 * Permits changes to links for as long as it is renewed; when it ends, what was changed under it is undone.
 * Its time runs on the monotonic clock, so that setting the system's clock neither ends nor prolongs it.
 */
export class Lease {
  readonly id: string;
  /** Who holds it, for a person. */
  readonly owner: string;
  readonly ttlMs: number;
  readonly #clock: Clock;
  #expiresAtMs: number;
  #ending: LeaseEnding | null = null;

  constructor(clock: Clock, given: Pick<LeaseBody, "id" | "owner" | "ttlMs">) {
    this.#clock = clock;
    this.id = given.id;
    this.owner = given.owner;
    this.ttlMs = given.ttlMs;
    this.#expiresAtMs = clock.monotonicMs() + given.ttlMs;
  }

  /** How much of its time is left, in ms; 0 or less: none. */
  get remainingMs(): number {
    return this.#expiresAtMs - this.#clock.monotonicMs();
  }

  /** How it ended, or null while nobody has ended it. */
  get ending(): LeaseEnding | null {
    return this.#ending;
  }

  /** Starts its time to live anew. @throws ApiError 410 when it is over. */
  renew(): void {
    this.throwIfOver();
    this.#expiresAtMs = this.#clock.monotonicMs() + this.ttlMs;
  }

  /** From here on nothing is changed under it. */
  end(ending: LeaseEnding): void {
    this.#ending ??= ending;
  }

  /** @throws ApiError 410 when it was released, or has lapsed, even if nobody has noticed yet. */
  throwIfOver(): void {
    if (this.#ending === null && this.remainingMs > 0) return;
    throw ApiError.leaseOver(this, this.#ending ?? "lapsed");
  }

  toBody(): LeaseBody {
    const { id, owner, ttlMs } = this;
    return { id, owner, ttlMs, expiresAtMs: Math.round(this.#clock.nowMs() + this.remainingMs) };
  }
}
