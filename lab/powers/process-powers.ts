import { setTimeout as delay } from "node:timers/promises";
import { type Clock, systemClock, UnavailableError, UsageError } from "../../core/index.ts";
import type { ClockStepper } from "./clock-stepper.ts";
import type { Hold } from "./hold.ts";
import type { Downtime, Interruption, KillOutcome, LabPowers, Pause } from "./lab-powers.ts";

/** The differences between runtimes: the processes, and how they are paused, ended and measured. */
export interface ProcessControl {
  /** The running processes, by name. */
  names(): readonly string[];
  /** The name of the platform's process, for which `platform` may be said as well. */
  readonly platform: string;
  /** Pauses it for that long. Resolves once it is paused. */
  hold(process: string, durationMs: number): Promise<Hold>;
  /** Ends it; resolves once it is gone. Its end counts as intended. */
  kill(process: string): Promise<void>;
  /** The processes that the topology restarts, with how; resolves once it listens. */
  readonly restarts: Readonly<Record<string, () => Promise<void>>>;
  /** Null where the platform was not started so that its clock can be stepped. */
  readonly clock: ClockStepper | null;
  /** As in {@link LabPowers}. */
  readCpu(): Promise<ReadonlyMap<string, number>>;
  /** The running processes of which a part is stopped by a signal, whoever sent it. Empty where nobody can see that. */
  readStopped(): Promise<readonly string[]>;
  /** Aborted when the lab is stopped. */
  readonly stopping: AbortSignal;
}

interface RunningPause {
  readonly hold: Hold;
  readonly untilMs: number;
}

/** The powers over a lab whose processes belong to this machine or its Docker engine: all of them. */
export class ProcessPowers implements LabPowers {
  readonly pausing = {
    pause: (process: string, durationMs: number) =>
      this.#inTurn(() => this.#pause(this.#nameOf(process), durationMs)),
    resumeAll: () => this.#resumeAll(),
  };
  readonly killing = {
    takeDown: (process: string) => this.#inTurn(() => this.#takeDown(this.#nameOf(process))),
    kill: (process: string, restartDelayMs: number) =>
      this.#inTurn(() => this.#kill(this.#nameOf(process), restartDelayMs)),
  };
  readonly cpuReading = { readCpu: () => this.#control.readCpu() };
  readonly stopReading = { readStopped: () => this.#readStopped() };
  readonly clockStepping: ClockStepper | null;
  readonly #control: ProcessControl;
  readonly #clock: Clock;
  readonly #pauses = new Map<string, RunningPause>();
  readonly #killed = new Set<string>();
  #lastTurn: Promise<unknown> = Promise.resolve();

  constructor(control: ProcessControl, clock: Clock = systemClock) {
    this.#control = control;
    this.clockStepping = control.clock;
    this.#clock = clock;
  }

  interruptions(): readonly Interruption[] {
    const paused = [...this.#pauses].map(
      ([process, { untilMs }]): Interruption => ({ kind: "paused", process, untilMs }),
    );
    return [...paused, ...[...this.#killed].map((process): Interruption => ({ kind: "killed", process }))];
  }

  /**
   * Runs something that needs the whole lab: nothing is paused, no clock is stepped, no process is being killed, and
   * those that were killed and can be started again are.
   *
   * @throws UnavailableError `lab-incomplete` when a process was killed that nothing restarts.
   */
  withWholeLab<T>(action: () => Promise<T>): Promise<T> {
    return this.#inTurn(async () => {
      await this.#resumeAll();
      await this.#control.clock?.reset();
      for (const process of [...this.#killed].sort(byPlatformLast(this.#control.platform))) {
        await this.#startAgain(process);
      }
      const [killed] = this.#killed;
      if (killed === undefined) return action();
      throw new UnavailableError({
        code: "lab-incomplete",
        message: `Expected all processes of the lab to run, but ${killed} was killed, and nothing restarts it.`,
        nextStep: "Stop this lab and start another one.",
      });
    });
  }

  async #resumeAll(): Promise<readonly string[]> {
    const pauses = [...this.#pauses];
    await Promise.all(pauses.map(([, { hold }]) => hold.release()));
    return pauses.map(([process]) => process);
  }

  /** A pause may begin or end while the processes are read. */
  async #readStopped(): Promise<readonly string[]> {
    const isIntended = (process: string) => this.interruptions().some((each) => each.process === process);
    const intended = this.#control.names().filter(isIntended);
    const stopped = await this.#control.readStopped();
    return stopped.filter((process) => !intended.includes(process) && !isIntended(process));
  }

  async #pause(process: string, durationMs: number): Promise<Pause> {
    this.#requireRunning(process);
    if (this.#pauses.has(process)) {
      throw new UsageError({
        code: "already-paused",
        message: `Expected ${process} to run, but it is paused already.`,
        nextStep: "Wait for the pause to end, or end it: kanit heal.",
      });
    }
    const hold = await this.#control.hold(process, durationMs);
    const pause = { hold, untilMs: this.#clock.nowMs() + durationMs };
    this.#pauses.set(process, pause);
    const over = hold.over.then(() => {
      if (this.#pauses.get(process) === pause) this.#pauses.delete(process);
    });
    return { process, over, resume: () => hold.release().then(() => over) };
  }

  async #kill(process: string, restartDelayMs: number): Promise<KillOutcome> {
    await this.#end(process);
    const endedAtMs = this.#clock.monotonicMs();
    if (this.#control.restarts[process] === undefined) return { kind: "dead", process };
    await delay(restartDelayMs, undefined, { signal: this.#control.stopping });
    await this.#startAgain(process);
    return { kind: "started-again", process, downMs: this.#clock.monotonicMs() - endedAtMs };
  }

  async #takeDown(process: string): Promise<Downtime> {
    this.#requireRunning(process);
    if (this.#control.restarts[process] === undefined) {
      throw new UsageError({
        code: "nothing-restarts",
        message: `Expected a process that this lab can start again, got ${process}.`,
        nextStep: `It can start ${Object.keys(this.#control.restarts).join(", ")}.`,
      });
    }
    await this.#end(process);
    return { startAgain: () => this.#inTurn(() => this.#startAgain(process)) };
  }

  async #end(process: string): Promise<void> {
    this.#requireRunning(process);
    const paused = this.#pauses.get(process);
    await this.#control.kill(process);
    this.#killed.add(process);
    await paused?.hold.release();
  }

  /** Does nothing for one that runs again, or that nothing restarts. */
  async #startAgain(process: string): Promise<void> {
    if (!this.#killed.has(process)) return;
    const restart = this.#control.restarts[process];
    if (restart === undefined) return;
    await restart();
    this.#killed.delete(process);
  }

  #nameOf(process: string): string {
    return process === "platform" ? this.#control.platform : process;
  }

  #requireRunning(process: string): void {
    const names = this.#control.names();
    if (names.includes(process)) return;
    throw new UsageError({
      code: "unknown-process",
      message: `Expected a running process of the lab, got ${JSON.stringify(process)}.`,
      nextStep: `These run: ${names.join(", ")}.`,
    });
  }

  /** One after the other: a reset and a restart of the platform would end each other's processes. */
  #inTurn<T>(action: () => Promise<T>): Promise<T> {
    const turn = this.#lastTurn.then(action, action);
    this.#lastTurn = turn;
    return turn;
  }
}

/** What the platform needs is there before it. */
function byPlatformLast(platform: string): (one: string, other: string) => number {
  return (one, other) => Number(one === platform) - Number(other === platform);
}
