import { type CpuTicks, type MachineLoad, machineLoadOf, readCpuTicks } from "./machine-load.ts";

/**
 * Reading every process takes milliseconds, so this interval is long enough not to disturb the experiment.
 */
const INTERVAL_MS = 1_000;

/** Watches whether other programs take CPU from the experiment, as far as the system reports it. */
export class MachineWatch implements Disposable {
  readonly #samples: CpuTicks[] = [];
  readonly #pid: number;
  readonly #timer: NodeJS.Timeout;
  #reading = false;

  /** `pid`: the process whose descendants are the experiment. */
  constructor(pid: number) {
    this.#pid = pid;
    this.#timer = setInterval(() => void this.#sample(), INTERVAL_MS);
    void this.#sample();
  }

  /** The observations so far. */
  load(): MachineLoad {
    return machineLoadOf(this.#samples);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  async #sample(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    const ticks = await readCpuTicks(this.#pid);
    this.#reading = false;
    if (ticks === undefined) clearInterval(this.#timer);
    else this.#samples.push(ticks);
  }
}
