import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type ControlGuardPolicy, judgeControlRequest, STRICT_CONTROL_GUARD } from "../../core/index.ts";
import type { CanaryRecord } from "../../evidence/index.ts";

/** The page of a canary that goes on, on loopback. */
export interface LivePage extends AsyncDisposable {
  readonly url: string;
  /** Shows this record from the next request on. */
  show(record: CanaryRecord): void;
}

const POLICY: ControlGuardPolicy = STRICT_CONTROL_GUARD;
const HEADERS = { "cache-control": "no-store", "x-content-type-options": "nosniff" };

/** Serves the page and its record. Requests of web pages and under other names than this machine's are refused. */
export async function startLivePage(options: {
  readonly render: (record: CanaryRecord) => string;
  /** 0 for any free one. */
  readonly port: number;
}): Promise<LivePage> {
  let shown: CanaryRecord | null = null;
  const server = createServer((request, response) => {
    const verdict = judgeControlRequest(request, POLICY);
    const answer = (status: number, type: string, text: string) =>
      response.writeHead(status, { ...HEADERS, "content-type": `${type}; charset=utf-8` }).end(text);
    if (verdict.kind === "refused") return answer(verdict.status, "text/plain", `${verdict.why}\n`);
    if (request.method !== "GET" && request.method !== "HEAD")
      return answer(405, "text/plain", "Expected GET.\n");
    if (shown === null) return answer(503, "text/plain", "The canary has not begun.\n");
    const [path] = (request.url ?? "/").split("?");
    if (path === "/") return answer(200, "text/html", options.render(shown));
    if (path === "/canary.json") return answer(200, "application/json", JSON.stringify(shown));
    return answer(404, "text/plain", "Expected / or /canary.json.\n");
  }).listen(options.port, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    show: (record) => {
      shown = record;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
