import { createServer } from "node:net";
import type { Random } from "../../core/index.ts";

// Below the range of local ports for outgoing connections (from 32768 on Linux, 49152 on macOS), so that no
// outgoing connection takes the port between the check and its use.
const LOWEST = 20_000;
const COUNT = 12_000;

/** Finds a TCP port of 127.0.0.1 that is free now, for a program that cannot listen on port 0 itself. */
export async function findFreePort(random: Random): Promise<number> {
  for (;;) {
    const port = LOWEST + random.below(COUNT);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => server.close(() => resolve(true)));
  });
}
