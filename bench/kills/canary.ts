import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A server that answers every request, for commands that talk to a platform which runs already. */
export interface Canary extends AsyncDisposable {
  readonly url: string;
}

/** Starts a canary on loopback. */
export async function startCanary(): Promise<Canary> {
  let requests = 0;
  const server = createServer(({ url }, response) => {
    requests += 1;
    if (url !== "/metrics") return void response.end("{}");
    const cpuSeconds = process.cpuUsage().user / 1e6;
    response.end(`http_requests_total ${requests}\nprocess_cpu_seconds_total ${cpuSeconds}\n`);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
