import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import { type ControlGuardPolicy, judgeControlRequest } from "../core/control-guard.ts";

/**
 * Forwards the HTTP requests that the guard allows from `listenPort`, on any address of the container, to a port on its
 * loopback. Toxiproxy's own control API has neither a token nor a check of the Host.
 */
export async function guardedForward(
  listenPort: number,
  targetPort: number,
  policy: ControlGuardPolicy,
): Promise<Server> {
  const server = createServer((incoming, outgoing) => {
    const judged = judgeControlRequest(incoming, policy);
    if (judged.kind === "allowed") forwardRequest(incoming, outgoing, targetPort);
    else answer(outgoing, judged.status, judged.why);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(listenPort, "0.0.0.0", resolve);
  });
  return server;
}

function forwardRequest(incoming: IncomingMessage, outgoing: ServerResponse, port: number): void {
  const { authorization: _, ...headers } = incoming.headers;
  const { method, url: path } = incoming;
  const options = { host: "127.0.0.1", port, method, path, agent: false };
  const sent = request({ ...options, headers: { ...headers, host: `127.0.0.1:${port}` } }, (response) => {
    outgoing.writeHead(response.statusCode ?? 502, response.headers);
    response.on("error", () => outgoing.destroy()).pipe(outgoing);
  });
  sent.on("error", (error) => {
    if (outgoing.headersSent) outgoing.destroy();
    else answer(outgoing, 502, `the fault proxy does not answer: ${error.message}`);
  });
  incoming.on("error", () => sent.destroy()).pipe(sent);
}

function answer(outgoing: ServerResponse, status: number, line: string): void {
  const headers = { "content-type": "text/plain; charset=utf-8", connection: "close" };
  outgoing.writeHead(status, headers).end(`${line}\n`);
}
