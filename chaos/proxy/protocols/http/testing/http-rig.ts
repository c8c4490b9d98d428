import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { FaultProxyClient } from "../../../../client/fault-proxy-client.ts";
import { type StartedFaultProxy, startFaultProxy } from "../../../fault-proxy.ts";
import { countsOf, Peer } from "../../../test-rig.ts";

type Attributes = Parameters<FaultProxyClient["addToxic"]>[1]["attributes"];
type Handler = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void;

const echo: Handler = (request, response, body) => {
  response.end(`${request.method} ${request.url} ${body.length}`);
};

/**
 * A fault proxy in this process with one link to a real HTTP server, which records the
 * requests that reached it.
 */
export class HttpRig implements AsyncDisposable {
  readonly client: FaultProxyClient;
  /** Method, target and body size of each request that reached the server completely, in order. */
  readonly seen: string[] = [];
  readonly url: string;
  readonly #proxy: StartedFaultProxy;
  readonly #server: Server;
  readonly #peers: Peer[] = [];
  #connections = 0;

  private constructor(proxy: StartedFaultProxy, client: FaultProxyClient, server: Server, url: string) {
    this.#proxy = proxy;
    this.client = client;
    this.#server = server;
    this.url = url;
    server.on("connection", () => {
      this.#connections += 1;
    });
  }

  static async start(options: { readonly seed?: number; readonly handler?: Handler } = {}): Promise<HttpRig> {
    const { seed = 1, handler = echo } = options;
    const server = createServer({ keepAliveTimeout: 0 });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const proxy = await startFaultProxy({ port: 0, seed });
    const client = await FaultProxyClient.connect(proxy.url);
    const { port } = server.address() as AddressInfo;
    const links = await client.populate([
      { name: "link", listen: "127.0.0.1:0", upstream: `127.0.0.1:${port}` },
    ]);
    const rig = new HttpRig(proxy, client, server, `http://${links.get("link")?.listen}`);
    server.on("request", (request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const body = Buffer.concat(chunks);
        rig.seen.push(`${request.method} ${request.url} ${body.length}`);
        handler(request, response, body);
      });
    });
    return rig;
  }

  /** The number of connections that the server received. */
  get connections(): number {
    return this.#connections;
  }

  /** The real server, for special settings. */
  get server(): Server {
    return this.#server;
  }

  async add(type: string, attributes: Attributes): Promise<void> {
    await this.client.addToxic("link", { type, stream: "downstream", toxicity: 1, attributes });
  }

  async remove(type: string): Promise<void> {
    await this.client.removeToxic("link", `${type}_downstream`);
  }

  /** What the toxic of that type has affected so far. */
  async bites(type: string) {
    const found = (await this.client.bites()).find(({ toxic }) => toxic === `${type}_downstream`);
    return countsOf(found);
  }

  /** A connection to the link on which the test writes bytes itself. */
  dial(): Peer {
    const { hostname, port } = new URL(this.url);
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true, noDelay: true });
    const peer = new Peer(socket);
    this.#peers.push(peer);
    return peer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { socket } of this.#peers) socket.destroy();
    await this.#proxy.stop();
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

/** Waits until the peer has received this text. The test's own time limit ends it. */
export async function receiveText(peer: Peer, text: string): Promise<string> {
  while (!peer.received.includes(text)) {
    await new Promise((resolve) => peer.socket.once("data", resolve));
  }
  return peer.received.toString("latin1");
}
