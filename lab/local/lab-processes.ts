import type { SecretRegistry } from "../../core/index.ts";
import { type ProcessDeath, ProcessDiedError } from "../process-died-error.ts";
import { type GuardedCommand, GuardedProcess } from "./guarded-process.ts";
import { controlGroupOf, labMark } from "./lab-mark.ts";

/** How to run one process of a lab. */
export type LabCommand = Omit<GuardedCommand, "controlGroup">;

/** The processes of one lab: which of them run, which have died, and how all of them are ended together. */
export class LabProcesses {
  readonly #labDirectory: string;
  readonly #running = new Set<GuardedProcess>();
  readonly #companions = new Set<GuardedProcess>();
  readonly #listeners: ((death: ProcessDeath) => void)[] = [];
  readonly #stopping = new AbortController();
  readonly #secrets: SecretRegistry;
  #deaths: readonly ProcessDeath[] = [];

  /**
   * @param labDirectory the lab's own folder: all its processes have it in their environment.
   * @param secrets filters what the processes write to their logs.
   */
  constructor(labDirectory: string, secrets: SecretRegistry) {
    this.#labDirectory = labDirectory;
    this.#secrets = secrets;
  }

  /** Aborted as soon as the lab is being stopped: nothing is worth waiting for any more. */
  get stopping(): AbortSignal {
    return this.#stopping.signal;
  }

  /** Starts a process of the lab. After `stopAll` it is stopped immediately. */
  async start(command: LabCommand): Promise<GuardedProcess> {
    return this.#start(command, (death) => {
      this.#deaths = [...this.#deaths, death];
      for (const listener of this.#listeners) listener(death);
    });
  }

  /** Starts a process of the lab whose unexpected end is not a death of the lab: who started it answers it. */
  startMortal(command: LabCommand, onEnd: () => void): Promise<GuardedProcess> {
    return this.#start(command, onEnd);
  }

  async #start(command: LabCommand, onEnd: (death: ProcessDeath) => void): Promise<GuardedProcess> {
    const process_ = await GuardedProcess.start(await this.#marked(command), this.#secrets);
    this.#running.add(process_);
    process_.onUnexpectedExit((error) => onEnd(error.death));
    if (this.#stopping.signal.aborted) await process_.stop();
    return process_;
  }

  /**
   * Starts a program that serves the lab without being part of it: it is ended with the lab, but its own end
   * is not reported as a death, and its log is not listed.
   */
  async startCompanion(command: LabCommand): Promise<GuardedProcess> {
    const companion = await GuardedProcess.start(await this.#marked(command), this.#secrets);
    this.#companions.add(companion);
    void companion.ended().then(() => this.#companions.delete(companion));
    if (this.#stopping.signal.aborted) await companion.stop();
    return companion;
  }

  /** The running process of that name. */
  running(name: string): GuardedProcess | null {
    return [...this.#running].find((process_) => process_.name === name && process_.isRunning) ?? null;
  }

  /** The names of the running processes. */
  names(): readonly string[] {
    return [...this.#running].filter((process_) => process_.isRunning).map(({ name }) => name);
  }

  async stop(process_: GuardedProcess): Promise<void> {
    await process_.stop();
    this.#running.delete(process_);
  }

  /** Removes an ended process from the lists, so that another of its name can take its place. */
  async retire(name: string): Promise<void> {
    const ended = [...this.#running].filter((process_) => process_.name === name && !process_.isRunning);
    await Promise.all(ended.map((process_) => this.stop(process_)));
  }

  async stopAll(): Promise<void> {
    this.#stopping.abort();
    const all = [...this.#companions, ...this.#running];
    await Promise.all(all.map((process_) => process_.stop()));
  }

  onDeath(listener: (death: ProcessDeath) => void): void {
    this.#listeners.push(listener);
  }

  deaths(): readonly ProcessDeath[] {
    return this.#deaths;
  }

  /** Removes a process that died and was replaced from the lists of deaths and logs. */
  async forget(name: string): Promise<void> {
    const forgotten = [...this.#running].filter((process_) => process_.name === name);
    await Promise.all(forgotten.map((process_) => this.stop(process_)));
    this.#deaths = this.#deaths.filter((death) => death.process !== name);
  }

  /** Rejects as soon as a process has ended unexpectedly; never resolves. */
  async untilDeath(): Promise<never> {
    const death = await new Promise<ProcessDeath>((resolve) => {
      this.onDeath(resolve);
      const [first] = this.#deaths;
      if (first !== undefined) resolve(first);
    });
    throw new ProcessDiedError(death);
  }

  async #marked(command: LabCommand): Promise<GuardedCommand> {
    return {
      ...command,
      environment: { ...command.environment, ...labMark(this.#labDirectory) },
      controlGroup: await controlGroupOf(this.#labDirectory),
    };
  }

  logs(): readonly { readonly process: string; readonly path: string }[] {
    return [...this.#running].map((process_) => ({ process: process_.name, path: process_.logPath }));
  }
}
