import { setTimeout as delay } from "node:timers/promises";
import type { ClockSight, SteppedClock } from "../../chaos/index.ts";
import { type Clock, systemClock } from "../../core/index.ts";
import { requestHttp } from "../../network/index.ts";

const LOOK_MS = 200;
const REQUEST_TIMEOUT_MS = 2_000;
/** For how long it is awaited that the platform shows the machine's time again. */
const RESTORE_LIMIT_MS = 5_000;
/** A Date header has no fractions of a second, and programs keep it for up to a second. */
const TOLERANCE_MS = 1_500;

/** What is needed to step a platform's clock, and to see that it was stepped. */
interface ClockStepperOptions {
  /** Makes the platform's clock differ from the machine's by so many ms. */
  readonly set: (offsetMs: number) => Promise<void>;
  /** An address of the platform, bypassing the links, whose answers are looked at. */
  readonly url: () => string;
  readonly stopping: AbortSignal;
}

/**
 * Steps the platform's clock, and looks at its answers meanwhile: their Date header says what time the platform has.
 * Without that look, a platform whose clock cannot be stepped after all would pass every such scenario.
 */
export class ClockStepper {
  readonly #options: ClockStepperOptions;
  readonly #clock: Clock;
  #isStepped = false;

  constructor(options: ClockStepperOptions, clock: Clock = systemClock) {
    this.#options = options;
    this.#clock = clock;
  }

  async step(byMs: number): Promise<SteppedClock> {
    let sight: ClockSight = "undated";
    const restored = new AbortController();
    this.#isStepped = true;
    await this.#options.set(byMs);
    const signal = AbortSignal.any([this.#options.stopping, restored.signal]);
    const looking = this.#look(byMs, signal, (seen) => {
      sight = sight === "seen" ? sight : seen;
    });
    return {
      sight: () => sight,
      restore: async () => {
        restored.abort();
        await looking;
        await this.#stepBack(sight === "undated" ? 0 : RESTORE_LIMIT_MS);
      },
    };
  }

  /** The machine's own clock again, if it was stepped. Resolves when the platform shows it, or after some seconds. */
  async reset(): Promise<void> {
    if (this.#isStepped) await this.#stepBack(RESTORE_LIMIT_MS);
  }

  async #stepBack(showsWithinMs: number): Promise<void> {
    await this.#options.set(0);
    this.#isStepped = false;
    const signal = AbortSignal.any([this.#options.stopping, AbortSignal.timeout(showsWithinMs)]);
    await this.#look(0, signal, () => undefined);
  }

  /** Looks until the platform's answers have a time that differs by so many ms, or the signal. */
  async #look(byMs: number, signal: AbortSignal, note: (sight: ClockSight) => void): Promise<void> {
    while (!signal.aborted) {
      const aheadMs = await this.#aheadMs(signal);
      if (aheadMs !== null) {
        const isSeen = Math.abs(aheadMs - byMs) <= TOLERANCE_MS;
        note(isSeen ? "seen" : "unseen");
        if (isSeen) return;
      }
      await delay(LOOK_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** By how much the platform's clock is ahead; null when it does not answer, or without a date. */
  async #aheadMs(signal: AbortSignal): Promise<number | null> {
    try {
      const { headers } = await requestHttp(this.#options.url(), { signal, deadlineMs: REQUEST_TIMEOUT_MS });
      const dateMs = Date.parse(String(headers.date));
      return Number.isNaN(dateMs) ? null : dateMs - this.#clock.nowMs();
    } catch {
      // While it does not answer, it shows no time either; the scenario's own checks judge that.
      return null;
    }
  }
}
