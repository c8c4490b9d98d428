import type { CanaryTriggerRecord } from "../../evidence/index.ts";
import type { CanarySetup } from "./canary-setup.ts";
import { REQUESTS } from "./judge/canary-signal.ts";
import type { CanaryLook } from "./judge/growth.ts";
import { takeSnapshot } from "./reading/arm-snapshot.ts";
import type { Snapshot } from "./reading/counter-growth.ts";
import { lookOf } from "./reading/look-growth.ts";

interface ReadArms {
  readonly stable: Snapshot;
  readonly candidate: Snapshot;
}

/** One look at both arms and at the triggers. */
export interface TakenLook {
  readonly look: CanaryLook;
  readonly triggers: readonly CanaryTriggerRecord[];
}

/**
 * Looks at both arms at the same time, again and again. Each look covers the time since the last one in which both arms
 * could be read, so that no request is lost where a look fails.
 */
export class LookTaker {
  readonly #setup: CanarySetup;
  #before: ReadArms | null = null;

  constructor(setup: CanarySetup) {
    this.#setup = setup;
  }

  /** Reads where the counters are, so that the first look has a beginning. */
  async begin(): Promise<void> {
    this.#before = await this.#read();
  }

  async take(): Promise<TakenLook> {
    const { triggers, timeScale, signal } = this.#setup;
    const now = await this.#read();
    const before = this.#before ?? now;
    const look = lookOf({ before, now, timeScale });
    if (isRead(now.stable) && isRead(now.candidate)) this.#before = now;
    return { look, triggers: await triggers.states(signal) };
  }

  async #read(): Promise<ReadArms> {
    const { arms, clock, signal } = this.#setup;
    await Promise.all([arms.stable.refresh(signal), arms.candidate.refresh(signal)]);
    const [stable, candidate] = await Promise.all([
      takeSnapshot(arms.stable, clock, signal),
      takeSnapshot(arms.candidate, clock, signal),
    ]);
    return { stable, candidate };
  }
}

function isRead({ series }: Snapshot): boolean {
  return series[REQUESTS]?.kind === "measured";
}
