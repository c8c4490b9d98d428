import type { ChildProcess } from "node:child_process";
import { once } from "node:events";

/** The engines with Toxiproxy's API. */
export type EngineName = "kanit" | "toxiproxy";

/** A program with Toxiproxy's API, started as its users start it: as a process. */
export interface Engine {
  readonly name: EngineName;
  /** Its name in reports. */
  readonly label: string;
  /** Starts a process of it, without proxies. The default seed is 1. */
  start(options?: { readonly seed: number }): Promise<StartedEngine>;
}

/** A running engine. Disposing of it kills its process. */
export interface StartedEngine extends AsyncDisposable {
  readonly name: EngineName;
  /** The control API: `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** Settles when the process has ended, by itself or not. */
  readonly exited: Promise<unknown>;
}

/** Wraps the process of an engine whose control API is at `url`. */
export function startedEngine(name: EngineName, url: string, child: ChildProcess): StartedEngine {
  const exited =
    child.exitCode === null && child.signalCode === null ? once(child, "exit") : Promise.resolve();
  const kill = () => child.kill("SIGKILL");
  // A test that times out does not dispose of what it started, so the process is also ended with the test
  // run.
  process.once("exit", kill);
  const dispose = async () => {
    kill();
    await exited;
    process.off("exit", kill);
  };
  return { name, url, exited, [Symbol.asyncDispose]: dispose };
}
