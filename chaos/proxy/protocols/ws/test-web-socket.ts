import type { AddressInfo } from "node:net";
import { type ClientOptions, type RawData, type ServerOptions, WebSocket, WebSocketServer } from "ws";
import { FaultProxyClient } from "../../../client/fault-proxy-client.ts";
import { type StartedFaultProxy, startFaultProxy } from "../../fault-proxy.ts";
import type { ToxicAttributes } from "../../stage.ts";
import { countsOf, until } from "../../test-rig.ts";

/** One end of a WebSocket in a test, and what it received. */
export class WebSocketPeer {
  readonly socket: WebSocket;
  readonly messages: string[] = [];
  readonly pongs: string[] = [];
  readonly pings: string[] = [];
  /** The close code, or the error that ended it, once it is closed. */
  closedWith: { readonly code: number; readonly reason: string } | undefined;
  readonly errors: string[] = [];

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on("message", (data: RawData) => this.messages.push(data.toString()));
    socket.on("ping", (data) => this.pings.push(data.toString()));
    socket.on("pong", (data) => this.pongs.push(data.toString()));
    socket.on("error", (error) => this.errors.push(error.message));
    socket.on("close", (code, reason) => {
      this.closedWith = { code, reason: reason.toString() };
    });
  }

  /** Sends in fragments. */
  sendFragments(...parts: readonly (string | Buffer)[]): void {
    for (const [index, part] of parts.entries()) {
      this.socket.send(part, { fin: index === parts.length - 1, binary: false });
    }
  }

  /** Resolves once this many messages have arrived. */
  async received(count: number): Promise<readonly string[]> {
    await until(() => this.messages.length >= count);
    return this.messages;
  }
}

/** A WebSocket server of the `ws` library behind a link of a fault proxy. */
export class WebSocketRig implements AsyncDisposable {
  readonly proxy: StartedFaultProxy;
  readonly client: FaultProxyClient;
  readonly #server: WebSocketServer;
  readonly #listen: string;
  readonly #clients: WebSocketPeer[] = [];

  private constructor(
    proxy: StartedFaultProxy,
    client: FaultProxyClient,
    server: WebSocketServer,
    listen: string,
  ) {
    this.proxy = proxy;
    this.client = client;
    this.#server = server;
    this.#listen = listen;
  }

  static async start(options: ServerOptions = {}): Promise<WebSocketRig> {
    const server = new WebSocketServer({ host: "127.0.0.1", port: 0, ...options });
    await new Promise((resolve) => server.once("listening", resolve));
    const proxy = await startFaultProxy({ port: 0, seed: 1 });
    const client = await FaultProxyClient.connect(proxy.url);
    const upstream = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const links = await client.populate([{ name: "link", listen: "127.0.0.1:0", upstream }]);
    return new WebSocketRig(proxy, client, server, links.get("link")?.listen ?? "");
  }

  /** An open WebSocket through the link: the client's end and the server's. */
  async open(options: ClientOptions = {}): Promise<{ client: WebSocketPeer; server: WebSocketPeer }> {
    const accepted = new Promise<WebSocketPeer>((resolve) =>
      this.#server.once("connection", (socket) => resolve(new WebSocketPeer(socket))),
    );
    const client = new WebSocketPeer(new WebSocket(`ws://${this.#listen}`, options));
    this.#clients.push(client);
    const server = await accepted;
    await until(() => client.socket.readyState === WebSocket.OPEN);
    return { client, server };
  }

  /** Adds a toxic that affects every connection, and returns its name. */
  async add(
    type: string,
    attributes: ToxicAttributes = {},
    stream: "upstream" | "downstream" = "downstream",
  ): Promise<string> {
    await this.client.addToxic("link", { type, stream, toxicity: 1, attributes });
    return `${type}_${stream}`;
  }

  /** How many messages the toxic affected, and how many connections it could not parse. */
  async bites(toxic: string): Promise<{ readonly messages: number; readonly gaveUp: number }> {
    const found = (await this.client.bites()).find((bite) => bite.toxic === toxic);
    const { messages, gaveUp } = countsOf(found);
    return { messages: messages ?? 0, gaveUp };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { socket } of this.#clients) socket.terminate();
    for (const socket of this.#server.clients) socket.terminate();
    await this.proxy.stop();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}
