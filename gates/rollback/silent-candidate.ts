import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import type { Mutant } from "../engine/mutant.ts";

/** The candidate's kill switch is where nobody answers, as after a change of its port. */
export const silentCandidate: Mutant = {
  what: "The address of the candidate's kill switch is one at which nobody answers.",
  apply: async ({ target }) => {
    const { canary } = target.parts;
    if (canary === null) throw new Error("there is no canary");
    // Held, so that nobody else listens there meanwhile, and closed on each client.
    const server = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
    await once(server, "listening");
    const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    return {
      effect: `the candidate is said to be at ${url.origin}`,
      parts: { canary: { ...canary, stop: { kind: "http", switches: [url] } } },
      [Symbol.asyncDispose]: async () => {
        server.close();
        await once(server, "close");
      },
    };
  },
};
