import { ProcessDiedError } from "../process-died-error.ts";

const ATTEMPTS = 5;
const PORT_TAKEN = /address already in use|could not bind/i;

/**
 * Starts a program that must be told its port. Between the look and the program's own bind somebody else can
 * take the port: the program then dies saying so, and another port is looked for.
 */
export async function withFreePort<T>(
  findPort: () => Promise<number>,
  start: (port: number) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(await findPort());
    } catch (error) {
      const taken =
        error instanceof ProcessDiedError && error.death.lastLines.some((line) => PORT_TAKEN.test(line));
      if (!taken || attempt === ATTEMPTS) throw error;
    }
  }
}
