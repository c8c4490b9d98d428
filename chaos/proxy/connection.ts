import type { Socket } from "node:net";
import { debuglog } from "node:util";
import type { Clock } from "../../core/index.ts";
import type { BiteLedger } from "./bite-ledger.ts";
import type { Stream } from "./decision.ts";
import type { DecisionLog } from "./decision-log.ts";
import { Flow, type FlowOptions } from "./flow.ts";
import type { Toxic } from "./toxic.ts";
import { ToxicWork } from "./toxic-work.ts";

const debug = debuglog("kanit-proxy");

/** How long a connection that is closed in good order may take to flush what was written to it. */
const CLOSE_LINGER_MS = 1_000;

export interface ConnectionOptions {
  readonly client: Socket;
  readonly server: Socket;
  readonly proxy: string;
  /** Counts from 1 on its proxy: what the seeded decisions about it go by. */
  readonly number: number;
  readonly seed: number;
  readonly clock: Clock;
  readonly ledger: BiteLedger;
  readonly decisions: DecisionLog;
  /** Both sockets are closed. */
  onClosed(connection: Connection): void;
}

/** A client's connection and the proxy's own to the server behind it, and what flows between them. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #flows: Readonly<Record<Stream, Flow>>;
  readonly #work: ToxicWork;
  #openSockets = 2;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    const { client, server, number: connection } = options;
    const hasCarriedBytes = () => client.bytesRead > 0 || server.bytesRead > 0;
    this.#work = new ToxicWork({ ...options, connection, hasCarriedBytes });
    this.#flows = {
      upstream: new Flow(this.#flowOptions("upstream", client, server)),
      downstream: new Flow(this.#flowOptions("downstream", server, client)),
    };
    this.#watch(client, server, this.#flows.upstream, this.#flows.downstream);
    this.#watch(server, client, this.#flows.downstream, this.#flows.upstream);
  }

  start(toxics: readonly Toxic[]): void {
    for (const [stream, flow] of this.#eachFlow()) flow.start(ofStream(toxics, stream));
  }

  /** Makes both directions what the proxy's toxics now ask for. */
  applyToxics(toxics: readonly Toxic[]): void {
    for (const [stream, flow] of this.#eachFlow()) flow.applyToxics(ofStream(toxics, stream));
    this.#work.keepOnly(new Set(toxics.filter((toxic) => this.#work.isAffected(toxic))));
  }

  updateToxic(toxic: Toxic): void {
    for (const [stream, flow] of this.#eachFlow()) if (worksOn(toxic, stream)) flow.updateToxic(toxic);
  }

  /** Bytes read from and written to the sockets so far, live. */
  byteCounts(stream: Stream): { readonly received: number; readonly sent: number } {
    const { client, server } = this.#options;
    return stream === "upstream"
      ? { received: client.bytesRead, sent: server.bytesWritten - server.writableLength }
      : { received: server.bytesRead, sent: client.bytesWritten - client.writableLength };
  }

  /** Cuts both sides at once, as the operating system closes the sockets of a process that ends. */
  cut(): void {
    this.#abandon();
    this.#options.client.destroy();
    this.#options.server.destroy();
  }

  #flowOptions(stream: Stream, source: Socket, destination: Socket): FlowOptions {
    return {
      source,
      destination,
      isAffected: (toxic) => this.#work.isAffected(toxic),
      startStage: (toxic, emit) => this.#work.startStage(toxic, stream, emit),
      onEnding: (ending) => (ending === "reset" ? this.#reset() : this.#close()),
    };
  }

  /** `from` carries what the socket sends, `to` what it gets from its peer. */
  #watch(socket: Socket, peer: Socket, from: Flow, to: Flow): void {
    // An error is always followed by "close", which is where this side being gone is dealt with.
    socket.on("error", (error) =>
      debug("%s #%d: %s", this.#options.proxy, this.#options.number, error.message),
    );
    socket.on("close", () => {
      const hadEnded = from.sourceEnded;
      from.push("reset");
      to.abandon();
      // It had sent its FIN, then went away while its peer was still sending: the peer learns it by a RST.
      if (hadEnded && !to.sourceEnded) peer.resetAndDestroy();
      this.#openSockets -= 1;
      if (this.#openSockets > 0) return;
      this.#abandon();
      this.#options.onClosed(this);
    });
  }

  #reset(): void {
    this.#abandon();
    this.#options.client.resetAndDestroy();
    this.#options.server.resetAndDestroy();
  }

  /** FIN to both sides after what was already written to them; what they still send is read and dropped. */
  #close(): void {
    this.#abandon();
    for (const socket of [this.#options.client, this.#options.server]) {
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
