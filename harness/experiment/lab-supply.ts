import type { Clock } from "../../core/index.ts";
import type { Lab, ProcessDeath } from "../../lab/index.ts";
import type { ScenarioCanary } from "./scenario.ts";

export interface LabSupplyOptions {
  /** Starts the lab with this number, counted from 1. */
  readonly startLab: (number: number, canary: ScenarioCanary | null) => Promise<Lab>;
  readonly clock: Pick<Clock, "monotonicMs">;
  readonly onReady: (labId: string, tookMs: number) => void;
  /** Takes over the lab of a run that has ended, when it is whole; null: it is stopped. */
  readonly keepLab: ((lab: Lab) => void) | null;
  /** Called with an error while a lab was being stopped. */
  readonly onProblem: (problem: string) => void;
}

/** The lab of a run. A lab that has lost a process, or whose state is unknown, is replaced by another. */
export class LabSupply implements AsyncDisposable {
  readonly #options: LabSupplyOptions;
  #lab: Lab | null = null;
  #canary: ScenarioCanary | null = null;
  #started = 0;
  #known = 0;

  constructor(options: LabSupplyOptions) {
    this.#options = options;
  }

  /**
   * The running lab; another one is started when there is none, or when that has not this candidate.
   *
   * @throws KanitError when it does not start.
   */
  async get(canary: ScenarioCanary | null): Promise<Lab> {
    if (JSON.stringify(canary) !== JSON.stringify(this.#canary)) await this.discard();
    if (this.#lab !== null) return this.#lab;
    this.#canary = canary;
    const { clock, onReady, startLab } = this.#options;
    const startMs = clock.monotonicMs();
    this.#started += 1;
    const lab = await startLab(this.#started, canary);
    this.#lab = lab;
    this.#known = 0;
    onReady(lab.id, clock.monotonicMs() - startMs);
    return lab;
  }

  /** The processes that died since the last call; each is reported once. */
  newDeaths(): readonly ProcessDeath[] {
    const deaths = this.#lab?.deaths() ?? [];
    const found = deaths.slice(this.#known);
    this.#known = deaths.length;
    return found;
  }

  /** Whether a process of the lab has died: the next experiment needs another lab. */
  get isDamaged(): boolean {
    return (this.#lab?.deaths().length ?? 0) > 0;
  }

  /** Stops the lab, like `takeDown`. */
  async discard(): Promise<void> {
    const lab = this.#lab;
    this.#lab = null;
    if (lab !== null) await takeDown(lab, this.#options.onProblem);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { keepLab } = this.#options;
    if (keepLab === null || this.#lab === null || this.isDamaged) return this.discard();
    keepLab(this.#lab);
    this.#lab = null;
  }
}

/** Stops a lab. Never throws, since an error here must not lose the results of a run. */
export async function takeDown(lab: Lab, onProblem: (problem: string) => void): Promise<void> {
  try {
    await lab.stop();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    onProblem(`Expected lab ${lab.id} to stop, got: ${why}`);
  }
}
