import { FaultProxyError } from "./deadline-http-client.ts";

/**
 * The state of a lease:
 *
 * - `held`: renewed in time, as far as this process knows;
 * - `unknown-to-engine`: the engine has no leases, so that only healing undoes its faults;
 * - `lost`: it expired before it was released, and its faults with it;
 * - `released`: it was held until it was released.
 */
export type LeaseState =
  | { readonly kind: "held" }
  | { readonly kind: "unknown-to-engine" }
  | { readonly kind: "lost"; readonly why: string }
  | { readonly kind: "released" };

/** Renewed after this share of its time, so that the lease survives two failed renewals. */
const RENEWAL_SHARE = 1 / 3;
const GONE: readonly number[] = [404, 410];

export interface LeaseKeeperOptions {
  readonly ttlMs: number;
  /** The earliest start of the current time to live, on the clock of `performance.now`. */
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

  /** Stops renewing, ends the lease, and returns its final state. Further calls return the same. */
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
