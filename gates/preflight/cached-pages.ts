import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type HttpAnswer, requestHttp } from "../../network/index.ts";
import type { Mutant } from "../engine/mutant.ts";

/** What stands before the platform keeps its pages, as a content network that was told to. */
export const cachedPages: Mutant = {
  what: "A cache before the platform answers each page a second time from its memory.",
  apply: async ({ target }) => {
    const { url } = target.parts;
    if (url === null) throw new Error("there is no address");
    const kept = new Map<string, Promise<HttpAnswer>>();
    const server = createServer((request, response) => {
      const path = request.url ?? "/";
      const answer = kept.get(path) ?? requestHttp(new URL(path, url));
      kept.set(path, answer);
      answer.then(
        ({ status, headers, bytes }) => response.writeHead(status, headers).end(bytes),
        () => response.writeHead(502).end(),
      );
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    return {
      effect: `a cache at ${address.origin} before ${url.origin}`,
      parts: { url: address },
      [Symbol.asyncDispose]: async () => {
        server.closeAllConnections();
        server.close();
        await once(server, "close");
      },
    };
  },
};
