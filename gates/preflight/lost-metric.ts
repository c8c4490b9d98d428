import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { requestHttp } from "../../network/index.ts";
import type { Mutant } from "../engine/mutant.ts";

const LOST = "risk_blocks_total";

/** The release no longer publishes a metric, as after a rename. */
export const lostMetric: Mutant = {
  what: `The metrics page comes without ${LOST}, as after a rename.`,
  apply: async ({ target }) => {
    const { metrics } = target.parts;
    if (metrics === null) throw new Error("there is no metrics page");
    const page = await requestHttp(metrics);
    const kept = page.text.split("\n").filter((line) => !line.includes(LOST));
    const removed = page.text.split("\n").length - kept.length;
    if (removed === 0) throw new Error(`the page had no ${LOST}`);
    const type = String(page.headers["content-type"] ?? "text/plain");
    const server = createServer((_, response) => {
      response.writeHead(200, { "content-type": type }).end(kept.join("\n"));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    return {
      effect: `${removed} lines of ${LOST} removed`,
      parts: { metrics: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`) },
      [Symbol.asyncDispose]: async () => {
        server.closeAllConnections();
        server.close();
        await once(server, "close");
      },
    };
  },
};
