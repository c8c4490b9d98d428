import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { requestHttp } from "../../network/index.ts";
import type { Mutant } from "../engine/mutant.ts";

const ACCEPTED = 204;

/** What stands before the platform accepts reports, and drops them. */
export const swallowedReports: Mutant = {
  what: "A front before the platform answers each CSP report with 204 and does not pass it on.",
  apply: async ({ target }) => {
    const { lab } = target.parts;
    if (lab === null) throw new Error("there is no lab");
    const server = createServer((request, response) => {
      request.resume();
      if (request.method === "POST") {
        response.writeHead(ACCEPTED).end();
        return;
      }
      requestHttp(new URL(request.url ?? "/", lab.api)).then(
        ({ status, text }) => response.writeHead(status).end(text),
        () => response.writeHead(502).end(),
      );
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return {
      effect: `a front at ${api} that answers POST with ${ACCEPTED}`,
      parts: { lab: { ...lab, api } },
      [Symbol.asyncDispose]: async () => {
        server.closeAllConnections();
        server.close();
        await once(server, "close");
      },
    };
  },
};
