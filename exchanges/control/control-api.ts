import { z } from "zod";
import { judgeControlRequest, STRICT_CONTROL_GUARD } from "../../core/index.ts";
import { type HttpReply, type HttpRequest, json } from "../http/http-server.ts";
import type { BestPriceHistory } from "../market/best-price-history.ts";
import type { Silence } from "../market/silence-log.ts";
import type { AnyVenue } from "../venue.ts";
import { venueBalances, venueBooks, venueOrder, venueTrade } from "./account-record.ts";
import { ControlError, checked, readJson, unknown } from "./control-error.ts";
import { answerMisbehaviors, misbehaviorViews } from "./misbehavior-endpoints.ts";
import { answerSession } from "./session-endpoints.ts";

const resetSchema = z.strictObject({ seed: z.int().optional() });

/** Control operations on all venues at once. */
export interface ControlCommands {
  /** Restarts all venues; without a seed, with the one that the stubs were started with. */
  reset(seed: number | undefined): void;
  /** Halts the tape's clock. */
  pause(): void;
  resume(): void;
  readonly tape: "playing" | "paused";
  readonly bestPrices: BestPriceHistory;
  readonly silences: readonly Silence[];
  /** Whoever does not show it is answered on `GET /health` only; null: every program is answered. */
  readonly token: string | null;
}

/**
 * The control API for the harness: each venue's own books of the account, its misbehaviors, its session, and
 * the reset.
 *
 * `GET /health` · `POST /reset {seed?}` · `POST /pause` and `/resume` (the tape's clock) · `GET /books` (the
 * best prices now and a moment ago) · `GET /silences` (when the market itself gave nothing) ·
 * `GET /venues/{venue}` · `GET /venues/{venue}/orders|trades|balances` ·
 * `GET|PUT|DELETE /venues/{venue}/misbehaviors[/{name}]` · `GET|PUT /venues/{venue}/session`.
 */
export function answerControl(
  venues: Readonly<Record<string, AnyVenue>>,
  request: HttpRequest,
  commands: ControlCommands,
): HttpReply {
  try {
    checkRequest(request, commands.token);
    const [root, venueName = "", topic, name] = request.path.split("/").slice(1);
    if (root === "health" && request.method === "GET") return json(200, { status: "ok" });
    if (root === "books" && request.method === "GET") return json(200, venueBooks(commands.bestPrices));
    if (root === "silences" && request.method === "GET") return json(200, commands.silences);
    if (root === "reset" && request.method === "POST") {
      commands.reset(checked(readJson(request), resetSchema, '{"seed":1} or nothing').seed);
      return json(200, { status: "reset" });
    }
    if (request.method === "POST" && (root === "pause" || root === "resume")) {
      commands[root]();
      return json(200, { status: `${root}d` });
    }
    const venue = root === "venues" && Object.hasOwn(venues, venueName) ? venues[venueName] : undefined;
    if (venue === undefined)
      throw unknown(
        "path",
        request.path,
        "/health, /books, /silences, /reset, /pause, /resume or /venues/{venue}/…",
      );
    if (topic === undefined && request.method === "GET") {
      return json(200, { venue: venueName, tape: commands.tape, ...statusOf(venue) });
    }
    return answerVenue(venue, request, topic ?? "", name);
  } catch (cause) {
    if (!(cause instanceof ControlError)) throw cause;
    return json(cause.status, { error: cause.code, message: cause.message, nextStep: cause.nextStep });
  }
}

/** Throws ControlError `control-request-refused` for what a web page could send, and for what shows no token. */
function checkRequest(request: HttpRequest, token: string | null): void {
  const verdict = judgeControlRequest({ ...request, url: request.path }, { ...STRICT_CONTROL_GUARD, token });
  if (verdict.kind === "allowed") return;
  throw new ControlError(verdict.status, {
    code: "control-request-refused",
    message: `The control API refuses this request: ${verdict.why}.`,
    nextStep:
      verdict.status === 401
        ? "Use `kanit venue`, which knows the token, or read it from the file that `kanit status` names."
        : "Send it from a program on this machine, with a JSON body where it has one.",
  });
}

function statusOf(venue: AnyVenue): Record<string, unknown> {
  return {
    ...("engine" in venue
      ? { openOrders: venue.engine.openOrders.length, trades: venue.engine.trades.length }
      : {}),
    ...("session" in venue ? { session: venue.session.phase } : {}),
    misbehaviors: misbehaviorViews(venue.misbehaviors),
  };
}

function answerVenue(
  venue: AnyVenue,
  request: HttpRequest,
  topic: string,
  name: string | undefined,
): HttpReply {
  if (topic === "misbehaviors") return answerMisbehaviors(venue.misbehaviors, request, name);
  if ("session" in venue && topic === "session") return answerSession(venue.session, request);
  const engine = "engine" in venue && request.method === "GET" ? venue.engine : undefined;
  if (engine !== undefined && topic === "orders") return json(200, engine.orders.map(venueOrder));
  if (engine !== undefined && topic === "trades") return json(200, engine.trades.map(venueTrade));
  if (engine !== undefined && topic === "balances") return json(200, venueBalances(engine.ledger));
  throw unknown(
    "topic",
    topic,
    "misbehaviors, of a venue that takes orders: orders, trades or balances, of one with trading hours: session",
  );
}
