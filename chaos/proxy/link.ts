import type { Socket } from "node:net";
import { debuglog } from "node:util";
import type { Clock } from "../../core/index.ts";
import { Arrival } from "./arrival.ts";
import { BiteLedger } from "./bite-ledger.ts";
import { addBytes, type ByteTotals } from "./byte-totals.ts";
import { Connection } from "./connection.ts";
import type { DecisionLog } from "./decision-log.ts";
import { dial } from "./dial.ts";
import type { LoopShare } from "./fair-loop.ts";
import type { LinkProperties } from "./leases/holding.ts";
import { LinkListener } from "./link-listener.ts";
import { sameListen } from "./listener.ts";
import type { PreparedListener } from "./prepared-listener.ts";
import { ReadBuffers } from "./read-buffers.ts";
import { SocketReader } from "./socket-reader.ts";
import type { ToxicBody } from "./toxic.ts";
import { ToxicChain } from "./toxic-chain.ts";

const debug = debuglog("kanit-proxy");

/** A proxy as the control API returns it. */
export interface LinkBody {
  readonly name: string;
  readonly listen: string;
  readonly upstream: string;
  readonly enabled: boolean;
  readonly toxics: readonly ToxicBody[];
}

export interface LinkOptions {
  readonly name: string;
  /** `host:port`; port 0: any. */
  readonly listen: string;
  readonly upstream: string;
  readonly seed: number;
  readonly clock: Clock;
  readonly loop: LoopShare;
  readonly decisions: DecisionLog;
}

/** One proxied connection path (a "proxy" in Toxiproxy's API): a listener, a server behind it, toxics between. */
export class Link {
  readonly name: string;
  readonly ledger: BiteLedger;
  readonly toxics: ToxicChain;
  #seed: number;
  readonly #clock: Clock;
  readonly #loop: LoopShare;
  readonly #decisions: DecisionLog;
  readonly #connections = new Set<Connection>();
  readonly #dialling = new Set<Socket>();
  readonly #arrivals = new Map<Socket, Arrival>();
  readonly #readBuffers = new ReadBuffers();
  readonly #pastBytes = { upstream: { received: 0, sent: 0 }, downstream: { received: 0, sent: 0 } };
  /** Closed while the link is disabled, or refuses every connection. */
  readonly #listener: LinkListener;
  #upstream: string;
  #enabled = false;
  #connectionCount = 0;

  constructor(options: LinkOptions) {
    this.name = options.name;
    this.#listener = new LinkListener({
      name: options.name,
      listen: options.listen,
      accept: (socket) => this.#accept(SocketReader.adopt(socket, this.#readBuffers)),
      onMoved: () => this.#cutAll(),
    });
    this.#upstream = options.upstream;
    this.#seed = options.seed;
    this.#clock = options.clock;
    this.#loop = options.loop;
    this.#decisions = options.decisions;
    this.ledger = new BiteLedger(options.name, options.clock);
    this.toxics = new ToxicChain(this.ledger, this.#connections, () => this.#onToxicsChanged());
  }

  get listen(): string {
    return this.#listener.listen;
  }

  get upstream(): string {
    return this.#upstream;
  }

  get enabled(): boolean {
    return this.#enabled;
  }

  toBody(): LinkBody {
    const { name, listen, upstream, enabled } = this;
    return { name, listen, upstream, enabled, toxics: this.toxics.toBodies() };
  }

  /**
   * Opens the listener, on its former port if it had one. Does nothing when it is open.
   *
   * @throws ApiError 500 when the address cannot be bound.
   */
  async enable(): Promise<void> {
    if (this.#enabled) return;
    await this.#listener.open();
    this.#enabled = true;
    if (this.#refuses()) this.#listener.close();
  }

  /** Closes the listener and its connections, as Toxiproxy does. The port is kept for `enable`. */
  disable(): void {
    if (!this.#enabled) return;
    this.#enabled = false;
    this.#listener.close();
    this.ledger.open(null, {
      countsMessages: false,
      blindness: "no connection was open that could be cut, and refused ones leave no trace",
    });
    const cut = this.#cutAll();
    if (cut > 0) this.ledger.add(null, { newConnections: cut, bytes: 0, messages: 0 });
  }

  /**
   * Waits until the listener is in the state that the toxics require.
   *
   * @throws ApiError 500 when it cannot listen again because its port has been taken meanwhile.
   */
  async settled(): Promise<void> {
    await this.#listener.settled();
  }

  /** Connects new connections to another server; open ones are closed, since they lead to the old one. */
  setUpstream(upstream: string): void {
    if (upstream === this.#upstream) return;
    this.#upstream = upstream;
    this.#cutAll();
  }

  /**
   * Listens on another address; open connections are closed. For port 0 it keeps its port
   * if the host is the same, so that a list of links can be populated again.
   *
   * @throws ApiError 500 when the address cannot be bound; then nothing is changed.
   */
  async setListen(listen: string): Promise<void> {
    const { upstream, enabled } = this;
    if (sameListen(listen, this.listen)) return;
    this.become({ upstream, listen, enabled }, this.#listener.isOpen ? await this.prepare(listen) : null);
  }

  /**
   * Binds the address, unless it listens there already (null). Nothing else is changed before `become`.
   *
   * @throws ApiError 500 when the address cannot be bound; then nothing is changed.
   */
  prepare(listen: string): Promise<PreparedListener | null> {
    return this.#listener.prepare(listen);
  }

  /** Takes back what was prepared. @throws ApiError 500 when a port that it needed is not free any more. */
  async discard(prepared: PreparedListener | null): Promise<void> {
    prepared?.discard();
    if (this.#enabled && !this.#refuses()) await this.#listener.open();
  }

  /**
   * Has these properties, and listens where that was prepared; `setToxics` changes its toxics meanwhile. It
   * cannot fail.
   */
  become(
    { upstream, listen, enabled }: LinkProperties,
    prepared: PreparedListener | null,
    setToxics: () => void = () => undefined,
  ): void {
    if (!enabled) this.disable();
    this.#listener.moveTo(listen, prepared);
    setToxics();
    this.setUpstream(upstream);
    this.#enabled = enabled;
    if (this.#refuses()) this.#listener.close();
  }

  /** Counts connections from 1 again, the open ones first, and makes decisions about them with this seed. */
  restart(seed: number): void {
    this.#seed = seed;
    this.#connectionCount = 0;
    for (const connection of this.#connections) {
      this.#connectionCount += 1;
      connection.renumber(this.#connectionCount, seed);
    }
  }

  /** The bytes so far, open connections included. */
  byteTotals(): ByteTotals {
    const totals = structuredClone(this.#pastBytes);
    for (const connection of this.#connections) addBytes(totals, connection);
    return totals;
  }

  /** Whether a toxic refuses every new connection before it is accepted. */
  #refuses(): boolean {
    return this.toxics.all().some(({ type }) => type.works === "on-connect" && type.closesListener);
  }

  #onToxicsChanged(): void {
    for (const arrival of [...this.#arrivals.values()]) arrival.consider(this.toxics.all());
    if (!this.#enabled) return;
    if (this.#refuses()) {
      this.#listener.close();
    } else if (!this.#listener.isOpen) {
      this.#listener.open().then(
        // Toxics may have changed again, or the link, while it was bound.
        () => {
          if (!this.#enabled || this.#refuses()) this.#listener.close();
        },
        // Reported to callers of `settled`.
        (error: Error) => debug("%s: %s", this.name, error.message),
      );
    }
  }

  #accept(reader: SocketReader): void {
    const client = reader.socket;
    this.#connectionCount += 1;
    const number = this.#connectionCount;
    if (!this.toxics.all().some(({ type }) => type.works === "on-connect")) {
      this.#dial(number, reader);
      return;
    }
    const arrival = new Arrival({
      client,
      number,
      proxy: this.name,
      seed: this.#seed,
      clock: this.#clock,
      ledger: this.ledger,
      decisions: this.#decisions,
      onProceed: () => {
        this.#arrivals.delete(client);
        this.#dial(number, reader);
      },
      onGone: () => this.#arrivals.delete(client),
    });
    this.#arrivals.set(client, arrival);
    arrival.consider(this.toxics.all());
  }

  #dial(number: number, reader: SocketReader): void {
    const client = reader.socket;
    this.#dialling.add(client);
    dial({
      client: reader,
      upstream: this.#upstream,
      readBuffers: this.#readBuffers,
      onConnected: (server) => {
        this.#dialling.delete(client);
        this.#open(number, reader, server);
      },
      onTurnedAway: (why) => {
        debug("%s #%d: upstream %s: %s", this.name, number, this.#upstream, why);
        this.#dialling.delete(client);
      },
    });
  }

  #open(number: number, client: SocketReader, server: SocketReader): void {
    const connection = new Connection({
      client,
      server,
      number,
      proxy: this.name,
      seed: this.#seed,
      clock: this.#clock,
      loop: this.#loop,
      ledger: this.ledger,
      decisions: this.#decisions,
      onClosed: (closed) => {
        this.#connections.delete(closed);
        addBytes(this.#pastBytes, closed);
      },
    });
    this.#connections.add(connection);
    connection.start(this.toxics.all());
  }

  #cutAll(): number {
    const count = this.#connections.size + this.#dialling.size + this.#arrivals.size;
    for (const connection of this.#connections) connection.cut();
    for (const client of [...this.#dialling, ...this.#arrivals.keys()]) client.destroy();
    return count;
  }
}
