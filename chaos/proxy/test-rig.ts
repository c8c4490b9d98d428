import { connect, createServer, type Server, type Socket } from "node:net";
import { FaultProxyClient } from "../client/fault-proxy-client.ts";
import type { ToxicOptions } from "../client/fault-proxy-state.ts";
import type { LoopShare } from "./fair-loop.ts";
import { type StartedFaultProxy, startFaultProxy } from "./fault-proxy.ts";
import type { ToxicBite } from "./toxic-bite.ts";

/** An event loop whose turn never ends, for tests that call stages directly. */
export const ENDLESS_TURN: LoopShare = {
  hasTime: () => true,
  enqueue: () => {
    throw new Error("expected no work to be put off, since the turn never ends");
  },
  cancel: () => undefined,
};

/** One end of a TCP connection in a test: what it received, and how it ended. */
export class Peer {
  readonly socket: Socket;
  /** Settles when the other side's FIN arrives. */
  readonly ended: Promise<void>;
  /** Settles when the socket is closed, with the error's code (`ECONNRESET` for a RST) or `clean`. */
  readonly closed: Promise<string>;
  /** Each read as it arrived, with its monotonic time. */
  readonly reads: { readonly data: Buffer; readonly atMs: number }[] = [];
  readonly #waiting = new Set<() => void>();
  #errorCode = "clean";

  constructor(socket: Socket) {
    this.socket = socket;
    this.ended = new Promise((resolve) => socket.once("end", resolve));
    this.closed = new Promise((resolve) => socket.once("close", () => resolve(this.#errorCode)));
    socket.on("error", (error) => {
      this.#errorCode = "code" in error ? String(error.code) : error.message;
    });
    socket.on("data", (data: Buffer) => {
      this.reads.push({ data, atMs: performance.now() });
      for (const wake of this.#waiting) wake();
    });
  }

  get received(): Buffer {
    return Buffer.concat(this.reads.map(({ data }) => data));
  }

  /** Resolves with the first `count` bytes once they are there. */
  async receive(count: number): Promise<Buffer> {
    while (this.reads.reduce((sum, { data }) => sum + data.length, 0) < count) {
      await new Promise<void>((resolve) => {
        const wake = () => {
          this.#waiting.delete(wake);
          resolve();
        };
        this.#waiting.add(wake);
      });
    }
    return this.received.subarray(0, count);
  }
}

/** A TCP server in a test, and the connections that reached it, in order. */
export class Origin implements AsyncDisposable {
  readonly peers: Peer[] = [];
  readonly #server: Server;
  readonly #waiting: ((peer: Peer) => void)[] = [];

  private constructor(server: Server) {
    this.#server = server;
    server.on("connection", (socket) => {
      const peer = new Peer(socket);
      this.peers.push(peer);
      this.#waiting.shift()?.(peer);
    });
  }

  static async start(): Promise<Origin> {
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    const origin = new Origin(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return origin;
  }

  get address(): string {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("the origin does not listen");
    return `127.0.0.1:${address.port}`;
  }

  /** The next connection that reaches the origin. */
  next(): Promise<Peer> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { socket } of this.peers) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

/** A fault proxy in this process with one link, `link`, to an origin. */
export class Rig implements AsyncDisposable {
  readonly proxy: StartedFaultProxy;
  readonly client: FaultProxyClient;
  readonly origin: Origin;
  readonly listen: string;
  readonly #sockets: Socket[] = [];

  private constructor(proxy: StartedFaultProxy, client: FaultProxyClient, origin: Origin, listen: string) {
    this.proxy = proxy;
    this.client = client;
    this.origin = origin;
    this.listen = listen;
  }

  static async start(options: { readonly seed?: number } = {}): Promise<Rig> {
    const origin = await Origin.start();
    const proxy = await startFaultProxy({ port: 0, seed: options.seed ?? 1 });
    const client = await FaultProxyClient.connect(proxy.url);
    const links = await client.populate([{ name: "link", listen: "127.0.0.1:0", upstream: origin.address }]);
    return new Rig(proxy, client, origin, links.get("link")?.listen ?? "");
  }

  /** Opens a connection to the link's port, whatever its result. */
  dial(): Peer {
    const [host = "", port = ""] = this.listen.split(":");
    const socket = connect({ host, port: Number(port), allowHalfOpen: true, noDelay: true });
    this.#sockets.push(socket);
    return new Peer(socket);
  }

  /** A connection through the link: the client's end and the origin's. */
  async open(): Promise<{ readonly client: Peer; readonly server: Peer }> {
    const reached = this.origin.next();
    const client = this.dial();
    return { client, server: await reached };
  }

  /** Adds a toxic that affects every connection. */
  async add(
    type: string,
    attributes: ToxicOptions["attributes"] = {},
    options: { readonly stream?: "upstream" | "downstream"; readonly toxicity?: number } = {},
  ): Promise<void> {
    const { stream = "downstream", toxicity = 1 } = options;
    await this.client.addToxic("link", { type, stream, toxicity, attributes });
  }

  /** What the link's toxic has affected so far. */
  async bites(toxic: string | null): Promise<{ readonly connections: number; readonly bytes: number }> {
    const found = (await this.client.bites()).find((row) => row.proxy === "link" && row.toxic === toxic);
    const { connections, bytes } = countsOf(found);
    return { connections, bytes };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await this.proxy.stop();
    await this.origin[Symbol.asyncDispose]();
  }
}

/** Polls until the condition holds. The test's own time limit ends it. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** A row of `GET /kanit/bites` as a flat object; all zeroes when it counts nothing. */
export function countsOf(row: ToxicBite | undefined) {
  if (row === undefined) throw new Error("expected the bite of a toxic, got none");
  const { bite, gaveUp, gaveUpWhy } = row;
  const counted = bite.kind === "counted" ? bite : { connections: 0, bytes: 0, messages: 0 };
  const { connections, bytes, messages } = counted;
  return { connections, bytes, messages, gaveUp, gaveUpWhy };
}
