import { FaultProxyError } from "./deadline-http-client.ts";

/**
 * How a lease stands:
 * - `held`: renewed in time, as far as is known here;
 * - `unknown-to-engine`: the engine knows no leases, and nothing but healing undoes its faults;
 * - `lost`: it ended before it was released, and with it the faults under it;
 * - `released`: it held until it was released.
 */
export type LeaseState =
  | { readonly kind: "held" }
  | { readonly kind: "unknown-to-engine" }
  | { readonly kind: "lost"; readonly why: string }
  | { readonly kind: "released" };

/** Renewed after this share of its time, so that two renewals may fail and the lease still holds. */
const RENEWAL_SHARE = 1 / 3;
const GONE: readonly number[] = [404, 410];

export interface LeaseKeeperOptions {
  readonly ttlMs: number;
  /** When the time to live began at the earliest, on the clock of `performance.now`. */
  readonly openedAtMs: number;
  renew(): Promise<void>;
  release(): Promise<void>;
}

/** Keeps a lease renewed until it is released, without keeping the process alive. */
export class LeaseKeeper {
  readonly #options: LeaseKeeperOptions;
  #state: LeaseState = { kind: "held" };
  #heldUntilMs: number;
  #timer: NodeJS.Timeout | undefined;
  #releasing: Promise<LeaseState> | undefined;

  constructor(options: LeaseKeeperOptions) {
    this.#options = options;
    this.#heldUntilMs = options.openedAtMs + options.ttlMs;
    this.#schedule();
  }

  get state(): LeaseState {
    return this.#state;
  }

  /** Stops renewing, ends the lease, and returns how it stood to the end. Calling it again gives the same. */
  release(): Promise<LeaseState> {
    this.#releasing ??= this.#releaseNow();
    return this.#releasing;
  }

  #schedule(): void {
    this.#timer = setTimeout(() => void this.#renew(), this.#options.ttlMs * RENEWAL_SHARE).unref();
  }

  async #renew(): Promise<void> {
    const sentAtMs = performance.now();
    const error = await outcomeOf(this.#options.renew());
    if (this.#releasing !== undefined) return;
    if (error === null) this.#heldUntilMs = sentAtMs + this.#options.ttlMs;
    else if (isGone(error) || performance.now() >= this.#heldUntilMs) this.#lose(error.message);
    if (this.#state.kind === "held") this.#schedule();
  }

  async #releaseNow(): Promise<LeaseState> {
    clearTimeout(this.#timer);
    if (this.#state.kind !== "held") return this.#state;
    const error = await outcomeOf(this.#options.release());
    if (error === null) this.#state = { kind: "released" };
    else this.#lose(error.message);
    return this.#state;
  }

  #lose(why: string): void {
    this.#state = { kind: "lost", why };
  }
}

function isGone(error: Error): boolean {
  return error instanceof FaultProxyError && GONE.includes(error.status);
}

/** Null, or why it failed. */
async function outcomeOf(call: Promise<void>): Promise<Error | null> {
  try {
    await call;
    return null;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
