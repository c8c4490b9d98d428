import type { Socket } from "node:net";
import { debuglog } from "node:util";
import type { Clock } from "../../core/index.ts";
import type { BiteLedger } from "./bite-ledger.ts";
import type { Stream } from "./decision.ts";
import type { DecisionLog } from "./decision-log.ts";
import type { LoopShare } from "./fair-loop.ts";
import { Flow, type FlowOptions } from "./flow.ts";
import { StatementWatch } from "./protocols/pg/statement-watch.ts";
import type { SocketReader } from "./socket-reader.ts";
import type { Toxic } from "./toxic.ts";
import { ToxicWork } from "./toxic-work.ts";

const debug = debuglog("kanit-proxy");

/** How long a connection that is closed normally may take to flush its written bytes. */
const CLOSE_LINGER_MS = 1_000;

export interface ConnectionOptions {
  readonly client: SocketReader;
  readonly server: SocketReader;
  readonly proxy: string;
  /** Counts from 1 on its proxy; seeded decisions about the connection depend on it. */
  readonly number: number;
  readonly seed: number;
  readonly clock: Clock;
  readonly loop: LoopShare;
  readonly ledger: BiteLedger;
  readonly decisions: DecisionLog;
  /** Both sockets are closed. */
  onClosed(connection: Connection): void;
}

/** A client's connection and the proxy's own connection to the server, with the data between them. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #statements = new StatementWatch();
  readonly #flows: Readonly<Record<Stream, Flow>>;
  #work: ToxicWork;
  #openSockets = 2;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    const { client, server } = options;
    this.#client = client.socket;
    this.#server = server.socket;
    this.#work = this.#workAs(options.number, options.seed);
    this.#flows = {
      upstream: new Flow(this.#flowOptions("upstream", client, this.#server)),
      downstream: new Flow(this.#flowOptions("downstream", server, this.#client)),
    };
    this.#watch(this.#client, this.#server, this.#flows.upstream, this.#flows.downstream);
    this.#watch(this.#server, this.#client, this.#flows.downstream, this.#flows.upstream);
  }

  start(toxics: readonly Toxic[]): void {
    for (const [stream, flow] of this.#eachFlow()) flow.start(ofStream(toxics, stream));
  }

  /** Sets the number and seed on which later decisions about it depend. No toxic may be active on it. */
  renumber(number: number, seed: number): void {
    this.#work = this.#workAs(number, seed);
  }

  /** Updates both directions to the proxy's current toxics. */
  applyToxics(toxics: readonly Toxic[]): void {
    for (const [stream, flow] of this.#eachFlow()) flow.applyToxics(ofStream(toxics, stream));
    this.#work.keepOnly(new Set(toxics.filter((toxic) => this.#work.isAffected(toxic))));
  }

  /** Adds toxics after the current ones, in both directions. */
  addToxics(toxics: readonly Toxic[]): void {
    for (const [stream, flow] of this.#eachFlow()) flow.addToxics(ofStream(toxics, stream));
  }

  /** Ends the work of toxics that were removed, in both directions. */
  removeToxics(toxics: ReadonlySet<Toxic>): void {
    for (const [, flow] of this.#eachFlow()) flow.removeToxics(toxics);
    this.#work.drop(toxics);
  }

  updateToxic(toxic: Toxic): void {
    for (const [stream, flow] of this.#eachFlow()) if (worksOn(toxic, stream)) flow.updateToxic(toxic);
  }

  /** The bytes read from and written to the sockets so far. */
  byteCounts(stream: Stream): { readonly received: number; readonly sent: number } {
    const [from, to] = stream === "upstream" ? [this.#client, this.#server] : [this.#server, this.#client];
    return { received: from.bytesRead, sent: to.bytesWritten - to.writableLength };
  }

  /** Closes both sides immediately, as the operating system does for a process that ends. */
  cut(): void {
    this.#abandon();
    this.#client.destroy();
    this.#server.destroy();
  }

  #workAs(connection: number, seed: number): ToxicWork {
    const hasCarriedBytes = () => this.#client.bytesRead > 0 || this.#server.bytesRead > 0;
    const earlierStatements = () => this.#statements.book;
    return new ToxicWork({ ...this.#options, connection, seed, hasCarriedBytes, earlierStatements });
  }

  #flowOptions(stream: Stream, source: SocketReader, destination: Socket): FlowOptions {
    return {
      source,
      destination,
      loop: this.#options.loop,
      watch: stream === "upstream" ? this.#statements : null,
      isAffected: (toxic) => this.#work.isAffected(toxic),
      startStage: (toxic, place) => this.#work.startStage(toxic, stream, place),
      onEnding: (ending) => (ending === "reset" ? this.#reset() : this.#close()),
    };
  }

  /** `from` carries what the socket sends, `to` what it receives from its peer. */
  #watch(socket: Socket, peer: Socket, from: Flow, to: Flow): void {
    // An error is always followed by "close", which handles the end of this side.
    socket.on("error", (error) =>
      debug("%s #%d: %s", this.#options.proxy, this.#options.number, error.message),
    );
    socket.on("close", () => {
      const hadEnded = from.sourceEnded;
      from.push("reset");
      to.abandon();
      // It had sent its FIN, then closed while its peer was still sending: the peer gets a RST.
      if (hadEnded && !to.sourceEnded) peer.resetAndDestroy();
      this.#openSockets -= 1;
      if (this.#openSockets > 0) return;
      this.#abandon();
      this.#options.onClosed(this);
    });
  }

  #reset(): void {
    this.#abandon();
    this.#client.resetAndDestroy();
    this.#server.resetAndDestroy();
  }

  /** Sends FIN to both sides after the bytes already written; what they still send is read and dropped. */
  #close(): void {
    this.#abandon();
    for (const socket of [this.#client, this.#server]) {
      socket.end();
      const linger = setTimeout(() => socket.destroy(), CLOSE_LINGER_MS);
      socket.once("close", () => clearTimeout(linger));
    }
  }

  #abandon(): void {
    for (const [, flow] of this.#eachFlow()) flow.abandon();
  }

  #eachFlow(): readonly (readonly [Stream, Flow])[] {
    return [
      ["upstream", this.#flows.upstream],
      ["downstream", this.#flows.downstream],
    ];
  }
}

function ofStream(toxics: readonly Toxic[], stream: Stream): readonly Toxic[] {
  return toxics.filter((toxic) => worksOn(toxic, stream));
}

function worksOn({ type, stream: named }: Toxic, stream: Stream): boolean {
  if (type.works === "on-connect") return false;
  return type.works === "two-way" || named === stream;
}
