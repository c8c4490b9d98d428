import type { WebSocket } from "ws";
import { type Clock, systemClock } from "../core/index.ts";
import { answerControl } from "./control/control-api.ts";
import {
  type HttpHandler,
  type HttpListener,
  type HttpReply,
  type HttpRequest,
  startHttpServer,
} from "./http/http-server.ts";
import { beginLife, endLife, type Life } from "./life.ts";
import { openRecordedTape } from "./market/tape/recorded-tape.ts";
import { makeSyntheticTape } from "./market/tape/synthetic-tape.ts";
import type { Tape } from "./market/tape/tape.ts";
import { completeOptions, type ExchangesOptions, type LooseExchangesOptions } from "./options.ts";
import { startWebSocketServer, type WebSocketListener } from "./websocket/websocket-server.ts";

/** Where the running stubs listen, all on 127.0.0.1. */
export interface ExchangesAddresses {
  /** Base URL of the control API. */
  readonly control: string;
  readonly binance: { readonly restPort: number; readonly wsPort: number };
  readonly btcturk: { readonly restPort: number; readonly wsPort: number };
  readonly bist: { readonly wsPort: number };
}

/** Exchange stubs that are running. */
export interface RunningExchanges extends AsyncDisposable {
  readonly addresses: ExchangesAddresses;
  /** Resolves when the tape plays; rejects with a KanitError when it cannot be read. */
  readonly ready: Promise<void>;
  /** Back to the start: accounts, orders, counters, misbehaviours, the tape at its beginning. */
  reset(seed?: number): void;
  stop(): Promise<void>;
}

/** What a caller in the same process may hand in beside the options. */
export interface ExchangesHooks {
  readonly clock?: Clock;
  /** Hears of a tape that cannot be read or played to its end. By default it is thrown, unhandled. */
  readonly onError?: (cause: unknown) => void;
}

const SERVICE_RESTART = 1012;

/** Starts all stubs in this process. Throws UsageError or UnavailableError when options or the tape are bad. */
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
  readonly #listeners: { http: HttpListener[]; webSocket: WebSocketListener[] } = { http: [], webSocket: [] };
  #addresses: ExchangesAddresses | undefined;
  #seed: number;
  #tape: Tape;
  #life: Life;

  constructor(options: ExchangesOptions, hooks: ExchangesHooks) {
    this.#options = options;
    this.#clock = hooks.clock ?? systemClock;
    this.#onError =
      hooks.onError ??
      ((cause) => {
        throw cause;
      });
    this.#seed = options.seed;
    this.#tape = this.#openTape();
    this.#life = this.#beginLife();
  }

  get addresses(): ExchangesAddresses {
    if (this.#addresses === undefined)
      throw new RangeError("Expected the stubs to listen before their addresses.");
    return this.#addresses;
  }

  get ready(): Promise<void> {
    return this.#life.market.ready;
  }

  async listen(): Promise<void> {
    const options = this.#options;
    const [control, binanceRest, binanceWs, btcturkRest, btcturkWs, bistWs] = await Promise.all([
      this.#serve(options.controlPort, (request) => this.#answerControl(request)),
      this.#serve(options.binanceRestPort, (request) => this.#life.binance.answer(request)),
      this.#serveSockets(options.binanceWsPort, (socket, url) => this.#life.binance.connect(socket, url)),
      this.#serve(options.btcturkRestPort, (request) => this.#life.btcturk.answer(request)),
      this.#serveSockets(options.btcturkWsPort, (socket) => this.#life.btcturk.connect(socket)),
      this.#serveSockets(options.bistWsPort, (socket) => this.#life.bist.connect(socket)),
    ]);
    this.#addresses = {
      control: `http://127.0.0.1:${control.port}`,
      binance: { restPort: binanceRest.port, wsPort: binanceWs.port },
      btcturk: { restPort: btcturkRest.port, wsPort: btcturkWs.port },
      bist: { wsPort: bistWs.port },
    };
  }

  reset(seed = this.#options.seed): void {
    endLife(this.#life);
    if (seed !== this.#seed && this.#options.tape === "synthetic") {
      this.#seed = seed;
      this.#tape = this.#openTape();
    }
    this.#seed = seed;
    for (const listener of this.#listeners.webSocket)
      listener.closeClients(SERVICE_RESTART, "Service Restart");
    this.#life = this.#beginLife();
  }

  async stop(): Promise<void> {
    endLife(this.#life);
    const listeners = [...this.#listeners.http, ...this.#listeners.webSocket];
    await Promise.all(listeners.map((listener) => listener.close()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #answerControl(request: HttpRequest): HttpReply {
    const { market, bestPrices, binance, btcturk, bist } = this.#life;
    return answerControl({ binance, btcturk, bist }, request, {
      reset: (seed) => this.reset(seed),
      pause: () => market.pause(),
      resume: () => market.resume(),
      tape: market.isPaused ? "paused" : "playing",
      bestPrices,
    });
  }

  #openTape(): Tape {
    const { tape: source } = this.#options;
    const tape = source === "synthetic" ? makeSyntheticTape(this.#seed) : openRecordedTape(source);
    tape.complete.catch(this.#onError);
    return tape;
  }

  #beginLife(): Life {
    const onError = this.#onError;
    return beginLife({
      options: this.#options,
      seed: this.#seed,
      tape: this.#tape,
      clock: this.#clock,
      onError,
    });
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
