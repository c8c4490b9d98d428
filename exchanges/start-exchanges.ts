import type { WebSocket } from "ws";
import { type Clock, systemClock } from "../core/index.ts";
import {
  VENUE_LINKS,
  type VenueLink,
  type VenueLinkName,
  type VenueName,
  type VenueOf,
} from "../venues/index.ts";
import { answerControl } from "./control/control-api.ts";
import {
  type HttpHandler,
  type HttpListener,
  type HttpReply,
  type HttpRequest,
  startHttpServer,
} from "./http/http-server.ts";
import type { Tape } from "./market/tape/tape.ts";
import { openTape } from "./open-tape.ts";
import { completeOptions, type ExchangesOptions, type LooseExchangesOptions, SYNTHETIC } from "./options.ts";
import { createVenueInstances, stopVenueInstances, type VenueInstances } from "./venue-instances.ts";
import { startWebSocketServer, type WebSocketListener } from "./websocket/websocket-server.ts";

/** The ports of a venue: `restPort`, `wsPort`, if it has them. */
type PortsOf<Name extends VenueName> = {
  readonly [Channel in VenueOf<Name>["channels"][number] as `${Channel}Port`]: number;
};

/** The addresses of the running stubs, all on 127.0.0.1. */
type ExchangesAddresses = {
  /** Base URL of the control API. */
  readonly control: string;
} & { readonly [Name in VenueName]: PortsOf<Name> };

/** Running exchange stubs. */
export interface RunningExchanges extends AsyncDisposable {
  readonly addresses: ExchangesAddresses;
  /** The stub's port behind each link. */
  readonly ports: Readonly<Record<VenueLinkName, number>>;
  /** Resolves when the tape plays; rejects with a KanitError when it cannot be read. */
  readonly ready: Promise<void>;
  /** Resets accounts, orders, counters and misbehaviors, and restarts the tape. */
  reset(seed?: number): void;
  stop(): Promise<void>;
}

/** What a caller in the same process may pass besides the options. */
export interface ExchangesHooks {
  readonly clock?: Clock;
  /**
   * Called with the error of a tape that cannot be read or played to its end. By default it is thrown,
   * unhandled.
   */
  readonly onError?: (cause: unknown) => void;
  /** What clients of the control API must show; left out: it is open to every program of this machine. */
  readonly controlToken?: string | null;
}

const SERVICE_RESTART = 1012;

/**
 * Starts all stubs in this process. Throws UsageError or UnavailableError for invalid options or an invalid
 * tape.
 */
export async function startExchanges(
  loose: LooseExchangesOptions = {},
  hooks: ExchangesHooks = {},
): Promise<RunningExchanges> {
  const exchanges = new Exchanges(completeOptions(loose), hooks);
  await exchanges.listen();
  return exchanges;
}

class Exchanges implements RunningExchanges {
  readonly #options: ExchangesOptions;
  readonly #clock: Clock;
  readonly #onError: (cause: unknown) => void;
  readonly #controlToken: string | null;
  readonly #listeners: { http: HttpListener[]; webSocket: WebSocketListener[] } = { http: [], webSocket: [] };
  #listening:
    | { readonly control: string; readonly ports: Readonly<Record<VenueLinkName, number>> }
    | undefined;
  #seed: number;
  #tape: Tape;
  #instances: VenueInstances;

  constructor(options: ExchangesOptions, hooks: ExchangesHooks) {
    this.#options = options;
    this.#clock = hooks.clock ?? systemClock;
    this.#controlToken = hooks.controlToken ?? null;
    this.#onError =
      hooks.onError ??
      ((cause) => {
        throw cause;
      });
    this.#seed = options.seed;
    this.#tape = openTape(options, options.seed);
    this.#instances = this.#createInstances();
  }

  get addresses(): ExchangesAddresses {
    const { control, ports } = this.#listens();
    const venues: Partial<Record<VenueName, Record<string, number>>> = {};
    for (const { name, venue, channel } of VENUE_LINKS) {
      venues[venue] = { ...venues[venue], [`${channel}Port`]: ports[name] };
    }
    return { control, ...(venues as Omit<ExchangesAddresses, "control">) };
  }

  get ports(): Readonly<Record<VenueLinkName, number>> {
    return this.#listens().ports;
  }

  #listens() {
    if (this.#listening === undefined)
      throw new RangeError("Expected the stubs to listen before their addresses are read.");
    return this.#listening;
  }

  get ready(): Promise<void> {
    return this.#instances.market.ready;
  }

  async listen(): Promise<void> {
    // What cannot be played is refused before anything listens.
    await this.#tape.tracks.catch((cause: unknown) => {
      stopVenueInstances(this.#instances);
      throw cause;
    });
    this.#tape.complete.catch(this.#onError);
    const { firstPort } = this.#options;
    const portOf = (index: number) => (firstPort === 0 ? 0 : firstPort + index);
    const [control, ...links] = await Promise.all([
      this.#serve(portOf(0), (request) => this.#answerControl(request)),
      ...VENUE_LINKS.map((link, index) => this.#serveLink(link, portOf(1 + index))),
    ]);
    const ports = Object.fromEntries(VENUE_LINKS.map(({ name }, index) => [name, links[index]?.port]));
    this.#listening = {
      control: `http://127.0.0.1:${control.port}`,
      ports: ports as Record<VenueLinkName, number>,
    };
  }

  reset(seed = this.#options.seed): void {
    stopVenueInstances(this.#instances);
    const isSynthetic = this.#options.tape.includes(SYNTHETIC);
    if (seed !== this.#seed && isSynthetic) this.#tape = openTape(this.#options, seed);
    this.#seed = seed;
    for (const listener of this.#listeners.webSocket)
      listener.closeClients(SERVICE_RESTART, "Service Restart");
    this.#instances = this.#createInstances();
  }

  async stop(): Promise<void> {
    stopVenueInstances(this.#instances);
    const listeners = [...this.#listeners.http, ...this.#listeners.webSocket];
    await Promise.all(listeners.map((listener) => listener.close()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #answerControl(request: HttpRequest): HttpReply {
    const { market, bestPrices, silences, venues } = this.#instances;
    return answerControl(venues, request, {
      reset: (seed) => this.reset(seed),
      pause: () => market.pause(),
      resume: () => market.resume(),
      tape: market.isPaused ? "paused" : "playing",
      bestPrices,
      silences: silences.silences,
      token: this.#controlToken,
    });
  }

  #createInstances(): VenueInstances {
    return createVenueInstances({
      options: this.#options,
      seed: this.#seed,
      tape: this.#tape,
      clock: this.#clock,
      onError: this.#onError,
    });
  }

  /** Serves one channel of a venue, always by the venue's current instance. */
  #serveLink({ venue, channel }: VenueLink, port: number): Promise<HttpListener | WebSocketListener> {
    const stub = () => this.#instances.venues[venue];
    if (channel === "rest") {
      return this.#serve(port, (request) => stub().answer?.(request) ?? notServed(venue, channel));
    }
    return this.#serveSockets(port, (socket, url) => stub().connect?.(socket, url));
  }

  async #serve(port: number, handler: HttpHandler): Promise<HttpListener> {
    const listener = await startHttpServer(port, handler);
    this.#listeners.http.push(listener);
    return listener;
  }

  async #serveSockets(
    port: number,
    connect: (socket: WebSocket, url: string) => void,
  ): Promise<WebSocketListener> {
    const listener = await startWebSocketServer(port, (socket, request) =>
      connect(socket, request.url ?? "/"),
    );
    this.#listeners.webSocket.push(listener);
    return listener;
  }
}

function notServed(venue: string, channel: string): never {
  throw new RangeError(`Expected the stub of ${venue} to serve ${channel}, as its entry in venues/ says.`);
}
