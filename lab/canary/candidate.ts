import { setTimeout as delay } from "node:timers/promises";
import type { LabProcessName } from "../../definition/index.ts";
import {
  type PlatformOptions,
  type StartedPlatform,
  startPlatform,
  startPlatformAt,
} from "../local/platform.ts";

/** The name of the candidate's process. */
export const CANDIDATE = "candidate" satisfies LabProcessName;

/** How long after its death it is started again, as an orchestrator does it. */
const RESTART_DELAY_MS = 1_000;

/**
 * The candidate's process. It may die, since that is what a canary finds: its death does not end the lab, and it is
 * started again on its port as an orchestrator would do it, for as long as it is wanted.
 */
export class Candidate {
  readonly #options: PlatformOptions;
  #platform: StartedPlatform | null = null;
  #isWanted = true;
  #turn: Promise<void> = Promise.resolve();

  private constructor(options: Omit<PlatformOptions, "onDeath">) {
    this.#options = {
      ...options,
      definition: { ...options.definition, name: CANDIDATE },
      onDeath: () => this.#startAgainLater(),
    };
  }

  /** @throws ProcessDiedError when it ends before it listens: there is nothing to compare then. */
  static async start(options: Omit<PlatformOptions, "onDeath">): Promise<Candidate> {
    const candidate = new Candidate(options);
    candidate.#platform = await startPlatform(candidate.#options);
    return candidate;
  }

  /** Without a trailing slash; it remains the same. */
  get url(): string {
    if (this.#platform === null) throw new TypeError("Expected the candidate to be started.");
    return this.#platform.url;
  }

  /** Ends it until it is started again. */
  async stop(): Promise<void> {
    this.#isWanted = false;
    await this.#turn;
    if (this.#platform !== null) await this.#options.processes.stop(this.#platform.process);
  }

  /** Starts it again on its port, in place of what runs; resolves when it listens. */
  async startAgain(): Promise<void> {
    await this.stop();
    this.#isWanted = true;
    await this.#start();
  }

  async #start(): Promise<void> {
    const port = Number(new URL(this.url).port);
    this.#platform = await startPlatformAt(this.#options, port);
  }

  #startAgainLater(): void {
    // Its first start is judged by who asked for it.
    if (this.#platform === null || !this.#isWanted) return;
    const { processes } = this.#options;
    const restart = async () => {
      await delay(RESTART_DELAY_MS, undefined, { signal: processes.stopping });
      if (!this.#isWanted) return;
      await processes.retire(CANDIDATE);
      await this.#start();
    };
    // A restart that fails ends with another death, which comes here again; what it printed is in its log.
    this.#turn = restart().catch(() => undefined);
  }
}
