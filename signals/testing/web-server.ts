import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

/** A real HTTP server on loopback whose answers the test controls. */
export interface StartedWebServer extends AsyncDisposable {
  /** `127.0.0.1:40123` */
  readonly host: string;
  readonly url: string;
}

export async function startWebServer(listener: RequestListener): Promise<StartedWebServer> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    host,
    url: `http://${host}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
