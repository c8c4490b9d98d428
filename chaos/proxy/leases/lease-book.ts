import { randomBytes } from "node:crypto";
import type { Clock } from "../../../core/index.ts";
import { ApiError } from "../api/api-error.ts";
import { Lease, type LeaseEnding } from "./lease.ts";

/** Far more than one machine has runners; more leases mean that a client opens them endlessly. */
export const MAX_LEASES = 1_000;
/** The number of ended leases that are kept, to tell late holders what happened. */
const MAX_ENDED = 1_000;
/** The delay before undoing is retried after it failed, such as for a port that was taken meanwhile. */
const UNDO_RETRY_MS = 100;

/** Called when a lease has ended. */
export interface LeaseEnd {
  readonly lease: Lease;
  readonly ending: LeaseEnding;
  /** Why its changes could not be undone yet; null: they are undone. */
  readonly problem: string | null;
}

export interface LeaseBookOptions {
  readonly clock: Clock;
  /** Undoes all changes under the lease; safe to call again when a part is already undone. */
  undo(lease: Lease): Promise<void>;
  onEnd(end: LeaseEnd): void;
}

interface Entry {
  readonly lease: Lease;
  readonly stopWatch: AbortController;
  problem: string | null;
}

/** The leases of this proxy process: opened, renewed and released by their holders, or expired by time. */
export class LeaseBook {
  readonly #options: LeaseBookOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #ended = new Map<string, Lease>();
  readonly #stop = new AbortController();

  constructor(options: LeaseBookOptions) {
    this.#options = options;
  }

  /**
   * Opens a lease.
   *
   * @throws ApiError 429 when there are too many.
   */
  open(owner: string, ttlMs: number): Lease {
    if (this.#entries.size >= MAX_LEASES) throw ApiError.tooManyLeases(MAX_LEASES);
    const lease = new Lease(this.#options.clock, { id: randomBytes(8).toString("hex"), owner, ttlMs });
    const entry = { lease, stopWatch: new AbortController(), problem: null };
    this.#entries.set(lease.id, entry);
    void this.#watch(entry);
    return lease;
  }

  /** The leases that have or may have changes, in the order in which they were opened. */
  all(): readonly Lease[] {
    return [...this.#entries.values()].map((entry) => entry.lease);
  }

  /**
   * The lease with that id, active, or ended and still being undone.
   *
   * @throws ApiError 410 when it has ended; 404 when there was none.
   */
  get(id: string): Lease {
    return this.#entry(id).lease;
  }

  /**
   * Why an ended lease's changes could not be undone yet; null: no error.
   *
   * @throws like `get`.
   */
  problemOf(id: string): string | null {
    return this.#entry(id).problem;
  }

  /**
   * Ends the lease and undoes its changes.
   *
   * @throws ApiError 410 and 404 like `get`, and the error of undoing, which is retried until it succeeds.
   */
  async release(id: string): Promise<void> {
    const entry = this.#entry(id);
    entry.lease.throwIfOver();
    await this.#end(entry, "released");
  }

  /** Drops all leases without undoing anything, since the proxy itself ends. */
  stop(): void {
    this.#stop.abort();
    for (const { stopWatch } of this.#entries.values()) stopWatch.abort();
    this.#entries.clear();
  }

  #entry(id: string): Entry {
    const entry = this.#entries.get(id);
    if (entry !== undefined) return entry;
    const ended = this.#ended.get(id);
    if (ended !== undefined) throw ApiError.leaseOver(ended, ended.ending ?? "expired");
    throw ApiError.leaseNotFound(id);
  }

  async #watch(entry: Entry): Promise<void> {
    const { lease, stopWatch } = entry;
    // Renewals do not reset the timer: at the old expiry it is set to the new one.
    while (lease.remainingMs > 0) {
      if (!(await this.#slept(Math.ceil(lease.remainingMs), stopWatch.signal))) return;
    }
    if (lease.ending !== null) return;
    // A failure is recorded as the entry's problem, and is retried.
    await this.#end(entry, "expired").catch(() => undefined);
  }

  async #end(entry: Entry, ending: LeaseEnding): Promise<void> {
    entry.lease.end(ending);
    entry.stopWatch.abort();
    try {
      await this.#undo(entry, ending);
    } catch (error) {
      void this.#keepUndoing(entry, ending);
      throw error;
    }
  }

  async #keepUndoing(entry: Entry, ending: LeaseEnding): Promise<void> {
    while (await this.#slept(UNDO_RETRY_MS, this.#stop.signal)) {
      const undone = await this.#undo(entry, ending).then(
        () => true,
        () => false,
      );
      if (undone) return;
    }
  }

  async #undo(entry: Entry, ending: LeaseEnding): Promise<void> {
    const { lease } = entry;
    try {
      await this.#options.undo(lease);
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      if (problem !== entry.problem) this.#options.onEnd({ lease, ending, problem });
      entry.problem = problem;
      throw error;
    }
    this.#entries.delete(lease.id);
    this.#ended.set(lease.id, lease);
    const [oldest] = this.#ended.keys();
    if (this.#ended.size > MAX_ENDED && oldest !== undefined) this.#ended.delete(oldest);
    this.#options.onEnd({ lease, ending, problem: null });
  }

  /** Whether the time passed without the signal. */
  async #slept(durationMs: number, signal: AbortSignal): Promise<boolean> {
    try {
      await this.#options.clock.sleep(durationMs, signal);
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      throw error;
    }
  }
}
