import assert from "node:assert/strict";
import { connect, type Socket } from "node:net";
import { Origin, Peer } from "../proxy/test-rig.ts";
import { type ControlAnswer, callControl } from "./control-call.ts";
import type { StartedEngine } from "./engines/engine.ts";

/** The direction of bytes, in Toxiproxy's words. */
export type Stream = "upstream" | "downstream";
export const STREAMS: readonly Stream[] = ["upstream", "downstream"];

/** Both ends of a connection through a link. */
export interface Pair {
  readonly client: Peer;
  readonly server: Peer;
}

/** A toxic to add; by default it affects every connection. */
export interface ToxicOptions {
  readonly stream?: Stream;
  readonly toxicity?: number;
  readonly name?: string;
}

let linkCount = 0;

/** One proxy of an engine in front of a server of the test, and the connections made through it. */
export class LinkUnderTest implements AsyncDisposable {
  readonly engine: StartedEngine;
  readonly name: string;
  readonly origin: Origin;
  readonly listen: string;
  readonly #sockets: Socket[] = [];

  private constructor(engine: StartedEngine, name: string, origin: Origin, listen: string) {
    this.engine = engine;
    this.name = name;
    this.origin = origin;
    this.listen = listen;
  }

  /** Creates the proxy. `name`: when it matters; `upstream`: another server than the test's own. */
  static async create(
    engine: StartedEngine,
    options: { readonly name?: string; readonly upstream?: string } = {},
  ): Promise<LinkUnderTest> {
    linkCount += 1;
    const name = options.name ?? `link-${linkCount}`;
    const origin = await Origin.start();
    const upstream = options.upstream ?? origin.address;
    const body = JSON.stringify({ name, listen: "127.0.0.1:0", upstream });
    const created = await callControl(engine.url, { method: "POST", path: "/proxies", body });
    assert.equal(created.status, 201, created.text);
    return new LinkUnderTest(engine, name, origin, (JSON.parse(created.text) as { listen: string }).listen);
  }

  /** Opens a connection to the link's port, whatever its result. */
  dial(): Peer {
    const [host = "", port = ""] = this.listen.split(":");
    const socket = connect({ host, port: Number(port), allowHalfOpen: true, noDelay: true });
    this.#sockets.push(socket);
    return new Peer(socket);
  }

  /** A connection through the link. */
  async open(): Promise<Pair> {
    const reached = this.origin.next();
    const client = this.dial();
    return { client, server: await reached };
  }

  /** This many connections, opened one after the other, so that it is known which ends belong together. */
  async openMany(count: number): Promise<Pair[]> {
    const pairs: Pair[] = [];
    while (pairs.length < count) pairs.push(await this.open());
    return pairs;
  }

  /** Adds a toxic. */
  async add(
    type: string,
    attributes: Readonly<Record<string, number>> = {},
    options: ToxicOptions = {},
  ): Promise<void> {
    await this.#change("POST", "/toxics", { type, attributes, stream: "downstream", ...options });
  }

  /** Changes a toxic. */
  async update(toxic: string, change: object): Promise<void> {
    await this.#change("PATCH", `/toxics/${toxic}`, change);
  }

  /** Removes a toxic. */
  async remove(toxic: string): Promise<void> {
    await this.#change("DELETE", `/toxics/${toxic}`);
  }

  /** Changes the proxy itself. */
  async patch(change: object): Promise<void> {
    await this.#change("PATCH", "", change);
  }

  /** A call concerning this proxy, whatever its answer. */
  call(method: string, path: string, body?: object): Promise<ControlAnswer> {
    return callControl(this.engine.url, {
      method,
      path: `/proxies/${this.name}${path}`,
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  }

  async #change(method: string, path: string, body?: object): Promise<void> {
    const answer = await this.call(method, path, body);
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await this.origin[Symbol.asyncDispose]();
  }
}

/** The ends in the direction of the stream: bytes flow from `from` to `to`. */
export function along(stream: Stream, { client, server }: Pair): { readonly from: Peer; readonly to: Peer } {
  return stream === "upstream" ? { from: client, to: server } : { from: server, to: client };
}
