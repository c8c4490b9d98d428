import { type ActiveFault, type FaultContext, injectFault } from "../../chaos/index.ts";
import type { Clock } from "../../core/index.ts";
import type { BiteRecord, FaultRecord } from "../../evidence/index.ts";
import type { ScheduledFault } from "./scenario.ts";

interface InjectedFault {
  readonly active: ActiveFault;
  readonly injectedAtMs: number;
  healedAtMs: number | null;
}

export interface FaultTimelineOptions {
  readonly faults: readonly ScheduledFault[];
  readonly context: FaultContext;
  readonly clock: Clock;
  /** Milliseconds since the scenario's start. */
  readonly now: () => number;
  readonly onInjected: (label: string, atMs: number) => void;
  readonly onHealed: (label: string, atMs: number) => void;
}

/**
 * Injects and heals a scenario's faults at their times. `healAll` heals whatever still is; it is called
 * whatever happens, so that no fault outlives its scenario.
 */
export class FaultTimeline {
  readonly #options: FaultTimelineOptions;
  readonly #injected: InjectedFault[] = [];

  constructor(options: FaultTimelineOptions) {
    this.#options = options;
  }

  /** Plays the timeline from now to the last healing. */
  async play(signal: AbortSignal): Promise<void> {
    const startMs = this.#options.now();
    const stop = new AbortController();
    const either = AbortSignal.any([signal, stop.signal]);
    const plays = this.#options.faults.map((scheduled) => this.#playOne(scheduled, startMs, either));
    try {
      await Promise.all(plays);
    } finally {
      stop.abort();
      await Promise.allSettled(plays);
    }
  }

  /** Heals what is not healed yet. */
  async healAll(): Promise<void> {
    const open = this.#injected.filter((fault) => fault.healedAtMs === null);
    await Promise.all(open.map((fault) => this.#heal(fault)));
  }

  /** When the first fault came, or null when none did. */
  firstInjectedAtMs(): number | null {
    return this.#injected.length === 0
      ? null
      : Math.min(...this.#injected.map((fault) => fault.injectedAtMs));
  }

  /** When the last fault was healed, or null when there was none. */
  lastHealedAtMs(): number | null {
    const healed = this.#injected.flatMap((fault) => (fault.healedAtMs === null ? [] : [fault.healedAtMs]));
    return healed.length === 0 ? null : Math.max(...healed);
  }

  /** What was done and what it touched, in the order of injection. */
  records(): Promise<readonly FaultRecord[]> {
    return Promise.all(
      this.#injected.map(async ({ active, injectedAtMs, healedAtMs }) => ({
        label: active.label,
        kind: active.fault.kind,
        link: active.fault.link,
        injectedAtMs,
        healedAtMs,
        bite: await readBite(active),
      })),
    );
  }

  async #playOne(
    { fault, afterMs, forMs }: ScheduledFault,
    startMs: number,
    signal: AbortSignal,
  ): Promise<void> {
    const { clock, now, context, onInjected } = this.#options;
    await clock.sleep(Math.max(0, startMs + afterMs - now()), signal);
    const active = await injectFault(fault, context);
    const injected: InjectedFault = { active, injectedAtMs: now(), healedAtMs: null };
    this.#injected.push(injected);
    onInjected(active.label, injected.injectedAtMs);
    await clock.sleep(forMs, signal);
    await this.#heal(injected);
  }

  async #heal(fault: InjectedFault): Promise<void> {
    await fault.active.heal();
    fault.healedAtMs = this.#options.now();
    this.#options.onHealed(fault.active.label, fault.healedAtMs);
  }
}

async function readBite(active: ActiveFault): Promise<BiteRecord> {
  try {
    return await active.bite();
  } catch (error) {
    return { kind: "unknown", why: error instanceof Error ? error.message : String(error) };
  }
}
