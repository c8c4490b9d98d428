import { z } from "zod";
import { EXIT_CODE, KanitError } from "../../core/index.ts";
import { type HttpReply, type HttpRequest, json } from "../http/http-server.ts";
import type { Frequency, Misbehaviour } from "../misbehaviours/misbehaviour.ts";
import type { MisbehaviourState, Switchboard } from "../misbehaviours/switchboard.ts";
import type { TradingVenue, Venue } from "../venue.ts";
import { venueBalances, venueOrder, venueTrade } from "./truth.ts";

const count = z.int().positive();
const frequencySchema = z.union([z.strictObject({ every: count }), z.strictObject({ times: count })]);
const resetSchema = z.strictObject({ seed: z.int().optional() });

/** A control request that cannot be met, with the HTTP status that says so. */
class ControlError extends KanitError {
  override readonly name = "ControlError";
  readonly status: number;

  constructor(status: number, code: string, message: string, nextStep: string) {
    super({ code, message, nextStep, exitCode: EXIT_CODE.usage });
    this.status = status;
  }
}

/** What the control API can do to all venues at once. */
export interface ControlCommands {
  /** Back to the start; without a seed, the one the stubs were started with. */
  reset(seed: number | undefined): void;
  /** Halts the tape's clock. */
  pause(): void;
  resume(): void;
}

/**
 * Answers the harness: the truth of each venue, its misbehaviours, and the reset.
 *
 * `GET /health` · `POST /reset {seed?}` · `POST /pause` and `/resume` (the tape's clock) · `GET /venues/{venue}/orders|trades|balances` ·
 * `GET|PUT|DELETE /venues/{venue}/misbehaviours[/{name}]`, PUT with `{every:n}` or `{times:n}`.
 */
export function answerControl(
  venues: Readonly<Record<string, Venue | TradingVenue>>,
  request: HttpRequest,
  commands: ControlCommands,
): HttpReply {
  try {
    const [root, venueName = "", topic = "", name] = request.path.split("/").slice(1);
    if (root === "health" && request.method === "GET") return json(200, { status: "ok" });
    if (root === "reset" && request.method === "POST") {
      commands.reset(readBody(request, resetSchema).seed);
      return json(200, { status: "reset" });
    }
    if (request.method === "POST" && (root === "pause" || root === "resume")) {
      commands[root]();
      return json(200, { status: `${root}d` });
    }
    const venue = root === "venues" ? venues[venueName] : undefined;
    if (venue === undefined)
      throw unknown("path", request.path, "/health, /reset, /pause, /resume or /venues/{venue}/…");
    return answerVenue(venue, request, topic, name);
  } catch (cause) {
    if (!(cause instanceof ControlError)) throw cause;
    return json(cause.status, { error: cause.code, message: cause.message, nextStep: cause.nextStep });
  }
}

function answerVenue(
  venue: Venue | TradingVenue,
  request: HttpRequest,
  topic: string,
  name: string | undefined,
): HttpReply {
  if (topic === "misbehaviours") return answerMisbehaviours(venue.misbehaviours, request, name);
  const engine = "engine" in venue && request.method === "GET" ? venue.engine : undefined;
  if (engine !== undefined && topic === "orders") return json(200, engine.orders.map(venueOrder));
  if (engine !== undefined && topic === "trades") return json(200, engine.trades.map(venueTrade));
  if (engine !== undefined && topic === "balances") return json(200, venueBalances(engine.ledger));
  throw unknown("topic", topic, "misbehaviours, and of a venue that trades orders, trades or balances");
}

function answerMisbehaviours(
  switchboard: Switchboard,
  request: HttpRequest,
  name: string | undefined,
): HttpReply {
  const { method } = request;
  if (name === undefined) {
    if (method === "DELETE") for (const state of switchboard.states) switchboard.switchOff(state.name);
    if (method !== "GET" && method !== "DELETE") throw unknown("method", method, "GET or DELETE");
    return json(200, switchboard.states.map(stateView));
  }
  if (switchboard.state(name) === undefined) {
    throw unknown("misbehaviour", name, switchboard.states.map((state) => state.name).join(", "));
  }
  if (method === "PUT") switchboard.switchOn(name, readBody(request, frequencySchema));
  else if (method === "DELETE") switchboard.switchOff(name);
  else if (method !== "GET") throw unknown("method", method, "GET, PUT or DELETE");
  return json(200, stateView(switchboard.state(name)));
}

/** A misbehaviour as the control API tells it. */
export interface MisbehaviourView extends Misbehaviour {
  readonly frequency: Frequency | "off";
  readonly bites: number;
}

function stateView(state: MisbehaviourState | undefined): MisbehaviourView | undefined {
  if (state === undefined) return undefined;
  const { name, description, occasion, frequency, bites } = state;
  return { name, description, occasion, frequency, bites };
}

function readBody<Value>(request: HttpRequest, schema: z.ZodType<Value>): Value {
  let value: unknown;
  try {
    value = JSON.parse(request.body === "" ? "{}" : request.body);
  } catch (cause) {
    throw new ControlError(400, "bad-json", `Expected a JSON body, got: ${String(cause)}.`, "Send JSON.");
  }
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const issue = read.error.issues[0]?.message ?? "?";
  throw new ControlError(
    400,
    "bad-body",
    `Expected another body: ${issue}.`,
    'Send {"every":3} or {"times":1}.',
  );
}

function unknown(what: string, given: string, known: string): ControlError {
  const message = `Expected a known ${what} (${known}), got ${given}.`;
  return new ControlError(404, `unknown-${what}`, message, "Ask for one of these.");
}
