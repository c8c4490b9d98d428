import type { Clock } from "../../../core/index.ts";
import { ApiError } from "../api/api-error.ts";

/** How a lease ended. */
export type LeaseEnding = "expired" | "released";

/** A lease as the control API returns it. */
export interface LeaseBody {
  readonly id: string;
  readonly owner: string;
  /** The time to live after it was opened or renewed. */
  readonly ttlMs: number;
  /** When it expires unless it is renewed, in milliseconds since the Unix epoch. */
  readonly expiresAtMs: number;
}

/**
 * Permits changes to links for as long as it is renewed; when it ends, what was changed under it is undone.
 * Its time runs on the monotonic clock, so that setting the system's clock neither ends nor prolongs it.
 */
export class Lease {
  readonly id: string;
  /** A description of the holder. */
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

  /** The remaining time, in ms; 0 or less when it has expired. */
  get remainingMs(): number {
    return this.#expiresAtMs - this.#clock.monotonicMs();
  }

  /** How it ended, or null while it was not ended. */
  get ending(): LeaseEnding | null {
    return this.#ending;
  }

  /**
   * Restarts its time to live.
   *
   * @throws ApiError 410 when it has ended.
   */
  renew(): void {
    this.throwIfOver();
    this.#expiresAtMs = this.#clock.monotonicMs() + this.ttlMs;
  }

  /** Ends it: no further changes are made under it. */
  end(ending: LeaseEnding): void {
    this.#ending ??= ending;
  }

  /** @throws ApiError 410 when it was released or has expired, even if the expiry was not processed yet. */
  throwIfOver(): void {
    if (this.#ending === null && this.remainingMs > 0) return;
    throw ApiError.leaseOver(this, this.#ending ?? "expired");
  }

  toBody(): LeaseBody {
    const { id, owner, ttlMs } = this;
    return { id, owner, ttlMs, expiresAtMs: Math.round(this.#clock.nowMs() + this.remainingMs) };
  }
}
