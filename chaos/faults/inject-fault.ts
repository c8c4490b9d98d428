import type { FaultBite } from "../../core/index.ts";
import { FaultProxyError } from "../client/deadline-http-client.ts";
import type { FaultContext, Injection } from "./fault-kind.ts";
import { type Fault, kindOf } from "./registry.ts";

/**
 * An injected fault. It heals when it is disposed, so that `await using` undoes it however the block ends.
 */
export interface ActiveFault extends AsyncDisposable {
  readonly fault: Fault;
  /** Describes what it is and where. */
  readonly label: string;
  /** Heals the fault. A further call does nothing, or tries again after a failure. */
  heal(): Promise<void>;
  /** Returns what it has affected: so far, or in total once it has healed. */
  bite(): Promise<FaultBite>;
}

/**
 * Injects a fault.
 *
 * @throws FaultProxyError when the fault proxy refuses it, such as for a link that it does not have.
 * @throws UnavailableError when the fault proxy or the pooler does not answer.
 */
export async function injectFault(fault: Fault, context: FaultContext): Promise<ActiveFault> {
  return new HealOnce(fault, await kindOf(fault).inject(fault, context));
}

class HealOnce implements ActiveFault {
  readonly fault: Fault;
  readonly label: string;
  readonly #injection: Injection;
  #healing: Promise<void> | undefined;
  #lastBite: FaultBite | undefined;

  constructor(fault: Fault, injection: Injection) {
    this.fault = fault;
    this.label = injection.label;
    this.#injection = injection;
  }

  heal(): Promise<void> {
    this.#healing ??= this.#healNow().catch((error: unknown) => {
      this.#healing = undefined;
      throw error;
    });
    return this.#healing;
  }

  async bite(): Promise<FaultBite> {
    return this.#lastBite ?? this.#injection.bite();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.heal();
  }

  async #healNow(): Promise<void> {
    await healUnlessUndone(this.#injection);
    // Read now and kept: the next fault of this name resets the counters, and the proxy may be gone by then.
    this.#lastBite = await this.#injection.bite().catch(
      (error: unknown): FaultBite => ({
        kind: "unknown",
        why: `the counters could not be read: ${String(error)}`,
      }),
    );
  }
}

const LEASE_OVER = 410;

/** When the lease of a fault has ended, the fault proxy has already undone the fault. */
async function healUnlessUndone(injection: Injection): Promise<void> {
  try {
    await injection.heal();
  } catch (error) {
    if (!(error instanceof FaultProxyError && error.status === LEASE_OVER)) throw error;
  }
}
