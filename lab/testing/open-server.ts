import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";

/** A server that lets every page read and change, as none of ours does: what a page tries must succeed there. */
export interface OpenServer {
  readonly port: number;
  /** The methods of the requests that would have changed something. */
  readonly changes: readonly string[];
  close(): void;
}

const IMAGE = Buffer.from("R0lGODlhAQABAAAAACwAAAAAAQABAAA=", "base64");

/** What a page reads is answered as it asks for it: an image, a stylesheet, a stream of events, or any text. */
function answerTo(accept: string): { readonly type: string; readonly body: string | Buffer } {
  if (accept.startsWith("image/")) return { type: "image/gif", body: IMAGE };
  if (accept.startsWith("text/css")) return { type: "text/css", body: "" };
  if (accept === "text/event-stream") return { type: accept, body: ": hello\n\n" };
  return { type: "text/plain", body: "open" };
}

export async function startOpenServer(): Promise<OpenServer> {
  const changes: string[] = [];
  const server = createServer((request, response) => {
    const { method = "GET", headers } = request;
    if (method !== "GET" && method !== "OPTIONS") changes.push(method);
    const { type, body } = answerTo(headers.accept ?? "");
    response.writeHead(200, {
      "content-type": type,
      "access-control-allow-origin": headers.origin ?? "*",
      "access-control-allow-credentials": "true",
      "access-control-allow-headers": "content-type, idempotency-key, x-actor",
      "access-control-allow-methods": "PUT, PATCH, DELETE",
    });
    response.end(body);
  });
  new WebSocketServer({ server });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    changes,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
