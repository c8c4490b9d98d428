import { ProcessDiedError } from "../process-died-error.ts";
import type { LabProcesses } from "./lab-processes.ts";

const ATTEMPTS = 5;
const PORT_TAKEN = /address already in use|EADDRINUSE|could not bind/i;

/** Finds free ports, and starts the programs that get them. */
export interface PortSeeker {
  readonly processes: LabProcesses;
  readonly findPort: () => Promise<number>;
}

/**
 * Starts a program that needs its port as an argument. Another process can take the port between the check
 * and the program's bind: the program then exits with that error, and another port is tried. Such an exit is
 * not reported as a death.
 */
export async function withFreePort<T>(
  { processes, findPort }: PortSeeker,
  start: (port: number) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(await findPort());
    } catch (error) {
      const taken =
        error instanceof ProcessDiedError && error.death.lastLines.some((line) => PORT_TAKEN.test(line));
      if (!taken || attempt === ATTEMPTS) throw error;
      await processes.forget(error.death.process);
    }
  }
}
