import type { ActiveFault, Fault } from "../../chaos/index.ts";
import type { Clock, FaultBite } from "../../core/index.ts";
import type { FaultRecord } from "../../evidence/index.ts";
import type { ScheduledFault } from "./scenario.ts";

/** A fault of the timeline: its plan and its result. */
export interface PlayedFault {
  readonly scheduled: ScheduledFault;
  readonly record: FaultRecord;
}

interface InjectedFault {
  readonly scheduled: ScheduledFault;
  readonly active: ActiveFault;
  readonly injectedAtMs: number;
  healedAtMs: number | null;
}

export interface FaultTimelineOptions {
  readonly faults: readonly ScheduledFault[];
  readonly inject: (fault: Fault) => Promise<ActiveFault>;
  readonly clock: Clock;
  /** Milliseconds since the scenario's start. */
  readonly now: () => number;
  readonly onInjected: (label: string, atMs: number) => void;
  readonly onHealed: (label: string, atMs: number) => void;
}

/**
 * Injects and heals a scenario's faults at their times. `healAll` heals those that are still active; it is
 * always called, so that no fault outlives its scenario.
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
    // Each is tried, even when another cannot be healed.
    const healings = await Promise.allSettled(open.map((fault) => this.#heal(fault)));
    for (const healing of healings) if (healing.status === "rejected") throw healing.reason;
  }

  /** What was injected and what it affected, in the order of injection. */
  played(): Promise<readonly PlayedFault[]> {
    return Promise.all(
      this.#injected.map(async ({ scheduled, active, injectedAtMs, healedAtMs }) => {
        const { kind, link } = active.fault;
        const bite = await readBite(active);
        return { scheduled, record: { label: active.label, kind, link, injectedAtMs, healedAtMs, bite } };
      }),
    );
  }

  async #playOne(scheduled: ScheduledFault, startMs: number, signal: AbortSignal): Promise<void> {
    const { clock, now, inject, onInjected } = this.#options;
    const { fault, afterMs, forMs } = scheduled;
    await clock.sleep(Math.max(0, startMs + afterMs - now()), signal);
    const active = await inject(fault);
    const injected: InjectedFault = { scheduled, active, injectedAtMs: now(), healedAtMs: null };
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

async function readBite(active: ActiveFault): Promise<FaultBite> {
  try {
    return await active.bite();
  } catch (error) {
    return { kind: "unknown", why: error instanceof Error ? error.message : String(error) };
  }
}
