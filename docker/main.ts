import { readFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import { FAULT_PROXY_GUARD, judgeControlRequest, STRICT_CONTROL_GUARD } from "../core/control-guard.ts";
import { readControlToken } from "../core/control-token.ts";
import { forward } from "./forward.ts";
import { guardedForward } from "./guarded-forward.ts";
import { type LinkAddress, readTraffic } from "./traffic.ts";

/**
 * The doorway runs in the fault proxy's network and gives a lab in containers what the proxy alone does not:
 *
 * - creates the links, with Toxiproxy and with kanit's engine alike;
 * - forwards the port that the container engine publishes on the host's loopback to the control APIs,
 *   which listen on loopback, and asks for the lab's token before that of the fault proxy;
 * - `GET /traffic/<link>`: the bytes received on each connection of a link, by the kernel's own counters.
 *   Toxiproxy counts a connection's bytes only when it ends, and so cannot tell what a fault affected.
 */
const PORT = 8476;
const VENUE_CONTROL = { listen: 8477, target: 21_000 };
const PROXY_CONTROL = { listen: 8474, target: 8475 };
/** How Prometheus addresses the fault proxy within the lab's network. */
const PROXY_HOST = "proxy";
const RETRY_MS = 100;

const engine = process.env.KANIT_PROXY ?? "toxiproxy";
const token = readControlToken(process.env);
const proxyUrl = `http://127.0.0.1:${PROXY_CONTROL.target}`;
const links = JSON.parse(await readFile(new URL("links.json", import.meta.url), "utf8")) as LinkAddress[];
let populated = false;

for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => process.exit(0));

await forward(VENUE_CONTROL.listen, VENUE_CONTROL.target);
await guardedForward(PROXY_CONTROL.listen, PROXY_CONTROL.target, {
  ...FAULT_PROXY_GUARD,
  allowedHosts: [PROXY_HOST],
  token,
});

const server = createServer((request, response) => {
  const judged = judgeControlRequest(request, { ...STRICT_CONTROL_GUARD, token });
  if (judged.kind === "refused") return send(response, judged.status, { error: judged.why });
  void answer(request.url ?? "/")
    .then(({ status, body }) => send(response, status, body))
    .catch((error: unknown) => send(response, 500, { error: String(error) }));
});
server.listen(PORT, "0.0.0.0", () => {
  process.stdout.write(`${JSON.stringify({ event: "listening", url: `http://0.0.0.0:${PORT}` })}\n`);
});
await makeLinks();

async function answer(path: string): Promise<{ readonly status: number; readonly body: unknown }> {
  if (path === "/health") return { status: populated ? 200 : 503, body: { populated } };
  const link = links.find(({ name }) => path === `/traffic/${name}`);
  if (link === undefined) {
    return { status: 404, body: { error: "Known are /health and /traffic/<link>." } };
  }
  return { status: 200, body: await readTraffic(link, engine === "kanit" ? null : `${proxyUrl}/metrics`) };
}

/** Creates the links as soon as the fault proxy answers. */
async function makeLinks(): Promise<void> {
  while (!populated) {
    try {
      const response = await fetch(`${proxyUrl}/populate`, { method: "POST", body: JSON.stringify(links) });
      const text = await response.text();
      populated = response.ok;
      if (!response.ok) process.stderr.write(`doorway: the fault proxy refused the links: ${text}\n`);
    } catch (error) {
      process.stderr.write(`doorway: waiting for the fault proxy at ${proxyUrl}: ${String(error)}\n`);
    }
    if (!populated) await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response
    .writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(text) })
    .end(text);
}
