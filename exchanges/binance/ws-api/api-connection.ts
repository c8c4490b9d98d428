import type { WebSocket } from "ws";
import { onClientText } from "../../websocket/client-boundary.ts";
import { MarketSocket } from "../../websocket/market-socket.ts";
import { BinanceError, binanceError } from "../binance-error.ts";
import { type ConnectionRules, keepRules } from "../connection-rules.ts";
import { RETIRED_METHODS, SOCKET_METHODS } from "../documented/socket-methods.ts";
import type { BinanceContext } from "../rest/context.ts";
import { callEndpoint, ENDPOINTS } from "../rest/endpoints.ts";
import { inTimeUnit, type TimeUnit } from "../time-unit.ts";
import type { UserDataHub } from "../user-data/user-data-hub.ts";
import { type ApiRequest, idOf, readApiRequest } from "./api-request.ts";
import { ApiSession } from "./api-session.ts";
import { UserSubscriptions } from "./user-subscriptions.ts";

/** What a connection of the WebSocket API works with. */
export interface ApiConnectionOptions {
  readonly context: BinanceContext;
  readonly userData: UserDataHub;
  readonly rules: ConnectionRules;
  /** Whether answers contain the rate limits when the request does not choose. */
  readonly returnsRateLimits: boolean;
  readonly timeUnit: TimeUnit;
}

/** The result of a request: an answer, or a connection that is closed on purpose. */
type ApiResult =
  | { readonly kind: "result"; readonly result: unknown; readonly countsOrders: boolean }
  | { readonly kind: "cut" };

const SESSION_WEIGHT = 2;

/** The endpoint behind a method of the WebSocket API: both interfaces answer alike. */
function endpointOf(method: string): string | null | undefined {
  return SOCKET_METHODS.get(method) ?? RETIRED_METHODS.get(method);
}

/** One connection to the WebSocket API (`/ws-api/v3`): requests and answers, and the account's events. */
export class ApiConnection {
  readonly #socket: MarketSocket;
  readonly #options: ApiConnectionOptions;
  readonly #session: ApiSession;
  readonly #subscriptions: UserSubscriptions;

  constructor(socket: WebSocket, options: ApiConnectionOptions) {
    const { context, userData, rules, returnsRateLimits } = options;
    this.#socket = new MarketSocket(socket, context.misbehaviors, (text) =>
      inTimeUnit(text, options.timeUnit),
    );
    this.#options = options;
    this.#session = new ApiSession(context.credentials, context.clock, returnsRateLimits);
    const send = (text: string): void => this.#socket.reply(text);
    this.#subscriptions = new UserSubscriptions(userData, send, () => Math.floor(context.clock.nowMs()));
    keepRules(socket, rules);
    onClientText(socket, (text, isBinary) => this.#onMessage(isBinary ? "" : text));
    socket.once("close", () => this.#subscriptions.drop());
  }

  /** Announces to the client that the server is about to go down for maintenance. */
  announceShutdown(): void {
    const E = Math.floor(this.#options.context.clock.nowMs());
    this.#socket.reply(JSON.stringify({ event: { e: "serverShutdown", E } }));
  }

  /**
   * Answers in the order of the requests; requests that came before the market's books were loaded wait for
   * them.
   */
  async #onMessage(text: string): Promise<void> {
    await this.#options.context.market.ready;
    let request: ApiRequest | undefined;
    try {
      request = readApiRequest(text);
      const outcome = this.#call(request);
      if (outcome.kind === "cut") {
        this.#socket.socket.terminate();
        return;
      }
      const { result, countsOrders } = outcome;
      this.#answer({ id: request.id, status: 200, result }, request, countsOrders);
    } catch (cause) {
      if (!(cause instanceof BinanceError)) throw cause;
      const id = request?.id ?? idOf(text);
      this.#answer({ id, status: cause.status, error: this.#errorView(cause) }, request, false);
    }
  }

  #call(request: ApiRequest): ApiResult {
    const { method, parameters } = request;
    const own = this.#ownMethods.get(method);
    const { context } = this.#options;
    if (own !== undefined) {
      context.limits.charge(SESSION_WEIGHT);
      return { kind: "result", result: own(request), countsOrders: false };
    }
    const endpoint = ENDPOINTS.get(endpointOf(method) ?? "");
    if (endpoint === undefined) throw binanceError.unsupportedOperation();
    const authorize = (): void => this.#session.authorize(request, endpoint.access);
    const result = callEndpoint(context, endpoint, parameters, authorize);
    if (result.kind !== "body") return { kind: "cut" };
    return { kind: "result", result: result.body, countsOrders: result.headers !== undefined };
  }

  /** The methods that concern only this connection. */
  readonly #ownMethods: ReadonlyMap<string, (request: ApiRequest) => unknown> = new Map(
    Object.entries<(request: ApiRequest) => unknown>({
      "session.logon": (request) => {
        this.#session.logOn(request);
        return this.#sessionView();
      },
      "session.status": () => this.#sessionView(),
      "session.logout": () => {
        this.#session.logOut();
        this.#subscriptions.endSession();
        return this.#sessionView();
      },
      "session.subscriptions": () => this.#subscriptions.ids.map((subscriptionId) => ({ subscriptionId })),
      "userDataStream.subscribe": () => {
        if (!this.#session.isLoggedOn) throw binanceError.unauthorized();
        return { subscriptionId: this.#subscriptions.add("session") };
      },
      "userDataStream.subscribe.signature": (request) => {
        this.#session.checkSigned(request);
        return { subscriptionId: this.#subscriptions.add("signature") };
      },
      "userDataStream.unsubscribe": ({ parameters }) => {
        this.#subscriptions.remove(parameters.whole("subscriptionId"));
        return {};
      },
    }),
  );

  #sessionView(): Record<string, unknown> {
    return this.#session.view(this.#subscriptions.ids.length > 0);
  }

  #errorView(error: BinanceError): Record<string, unknown> {
    if (error.retryAtMs === undefined) return error.body;
    const serverTime = Math.floor(this.#options.context.clock.nowMs());
    return { ...error.body, data: { serverTime, retryAfter: error.retryAtMs } };
  }

  #answer(answer: Record<string, unknown>, request: ApiRequest | undefined, countsOrders: boolean): void {
    const { context, returnsRateLimits } = this.#options;
    const wanted = request?.params.returnRateLimits;
    if (!(typeof wanted === "boolean" ? wanted : returnsRateLimits)) {
      this.#socket.reply(JSON.stringify(answer));
      return;
    }
    const orders = countsOrders ? context.limits.orderUsage() : [];
    this.#socket.reply(
      JSON.stringify({ ...answer, rateLimits: [...orders, ...context.limits.weightUsage()] }),
    );
  }
}
