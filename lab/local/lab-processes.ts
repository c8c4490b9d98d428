import type { ProcessDeath } from "../process-died-error.ts";
import { type GuardedCommand, GuardedProcess } from "./guarded-process.ts";

/** The processes of one lab: who is in it, who died, and how all of them end together. */
export class LabProcesses {
  readonly #running = new Set<GuardedProcess>();
  readonly #deaths: ProcessDeath[] = [];
  readonly #listeners: ((death: ProcessDeath) => void)[] = [];
  #stopping = false;

  /** Starts a process of the lab. One that comes after `stopAll` is stopped at once. */
  async start(command: GuardedCommand): Promise<GuardedProcess> {
    const process_ = await GuardedProcess.start(command);
    this.#running.add(process_);
    process_.onUnexpectedExit((error) => {
      this.#deaths.push(error.death);
      for (const listener of this.#listeners) listener(error.death);
    });
    if (this.#stopping) await process_.stop();
    return process_;
  }

  async stop(process_: GuardedProcess): Promise<void> {
    await process_.stop();
    this.#running.delete(process_);
  }

  async stopAll(): Promise<void> {
    this.#stopping = true;
    await Promise.all([...this.#running].map((process_) => process_.stop()));
  }

  onDeath(listener: (death: ProcessDeath) => void): void {
    this.#listeners.push(listener);
  }

  deaths(): readonly ProcessDeath[] {
    return [...this.#deaths];
  }

  logs(): readonly { readonly process: string; readonly path: string }[] {
    return [...this.#running].map((process_) => ({ process: process_.name, path: process_.logPath }));
  }
}
