import { type CpuTicks, type MachineLoad, machineLoadOf, readCpuTicks } from "./machine-load.ts";

/** Reading every process takes milliseconds: seldom enough not to disturb what it watches over. */
const INTERVAL_MS = 1_000;

/** Watches whether other programs take the machine from the experiment, as far as the system tells. */
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

  /** What was seen so far. */
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
