import type { ChildProcess } from "node:child_process";
import { once } from "node:events";

/** The engines that speak Toxiproxy's API. */
export type EngineName = "kanit" | "toxiproxy";

/** A program that serves Toxiproxy's API, to be started as its users start it: as a process. */
export interface Engine {
  readonly name: EngineName;
  /** What a report calls it. */
  readonly label: string;
  /** Starts a process of it, with no proxy yet. Seed 1 unless told. */
  start(options?: { readonly seed: number }): Promise<StartedEngine>;
}

/** A running engine. Its process is killed when it is disposed of. */
export interface StartedEngine extends AsyncDisposable {
  readonly name: EngineName;
  /** The control API: `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** Settles when the process has ended, by itself or not. */
  readonly exited: Promise<unknown>;
}

/** Wraps the process of an engine that answers at `url`. */
export function startedEngine(name: EngineName, url: string, child: ChildProcess): StartedEngine {
  const exited =
    child.exitCode === null && child.signalCode === null ? once(child, "exit") : Promise.resolve();
  const kill = () => child.kill("SIGKILL");
  // A test that runs out of time does not dispose of what it started: nothing may outlive the run all the same.
  process.once("exit", kill);
  const dispose = async () => {
    kill();
    await exited;
    process.off("exit", kill);
  };
  return { name, url, exited, [Symbol.asyncDispose]: dispose };
}
