import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A server on loopback whose answers the test controls. */
export interface HttpPage extends AsyncDisposable {
  readonly server: Server;
  /** Without a slash at the end. */
  readonly url: string;
}

export async function serve(listener: RequestListener): Promise<HttpPage> {
  const server = createServer(listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    server,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
