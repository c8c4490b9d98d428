import { z } from "zod";
import { type HttpReply, type HttpRequest, json } from "../http/http-server.ts";
import { formatTrimmed } from "../market/units.ts";
import type { Frequency, Misbehavior } from "../misbehaviors/misbehavior.ts";
import type { MisbehaviorState, Switchboard } from "../misbehaviors/switchboard.ts";
import { checked, readJson, unknown } from "./control-error.ts";

const frequencySchema = z
  .object({
    every: z.int().positive().optional(),
    times: z.int().positive().optional(),
    share: z.number().gt(0).max(1).optional(),
    ttlMs: z.number().positive().max(86_400_000).optional(),
  })
  .refine(
    ({ every, times, share }) => [every, times, share].filter((each) => each !== undefined).length <= 1,
    {
      message: "only one of every, times and share",
    },
  );

/** A misbehavior as the control API returns it. */
export interface MisbehaviorView {
  readonly name: string;
  readonly description: string;
  /** The events that it counts. */
  readonly occasion: string;
  readonly frequency: Frequency | "off";
  /** Its own options, complete; decimals as text. */
  readonly options: Readonly<Record<string, unknown>>;
  /** How often it took effect since the stub's start or reset. */
  readonly bites: number;
  /** When it ends by itself, in ms from now; null: it does not. */
  readonly expiresInMs: number | null;
}

/**
 * `GET|DELETE …/misbehaviors` and `GET|PUT|DELETE …/misbehaviors/{name}`. PUT takes one of `every`, `times`
 * and `share` (none: each time), `ttlMs` after which the misbehavior ends, and its own options.
 */
export function answerMisbehaviors(
  switchboard: Switchboard,
  request: HttpRequest,
  name: string | undefined,
): HttpReply {
  const { method } = request;
  if (name === undefined) {
    if (method === "DELETE") {
      for (const { misbehavior } of switchboard.states) switchboard.switchOff(misbehavior.name);
    }
    if (method !== "GET" && method !== "DELETE") throw unknown("method", method, "GET or DELETE");
    return json(200, misbehaviorViews(switchboard));
  }
  const state = switchboard.state(name);
  if (state === undefined) {
    const known = switchboard.states.map(({ misbehavior }) => misbehavior.name).join(", ");
    throw unknown("misbehavior", name, known);
  }
  if (method === "PUT") switchOn(switchboard, state.misbehavior, request);
  else if (method === "DELETE") switchboard.switchOff(name);
  else if (method !== "GET") throw unknown("method", method, "GET, PUT or DELETE");
  return json(200, stateView(switchboard.state(name) ?? state));
}

/** All misbehaviors of a venue. */
export function misbehaviorViews(switchboard: Switchboard): readonly MisbehaviorView[] {
  return switchboard.states.map(stateView);
}

function switchOn(switchboard: Switchboard, misbehavior: Misbehavior, request: HttpRequest): void {
  const body = readJson(request);
  const { every, times, share, ttlMs } = checked(body, frequencySchema, '{"every":3} or {"times":1}');
  const own = Object.fromEntries(
    Object.entries(body as object).filter(([option]) => !(option in frequencySchema.shape)),
  );
  switchboard.switchOn(misbehavior.name, {
    frequency: times !== undefined ? { times } : share !== undefined ? { share } : { every: every ?? 1 },
    options: checked(own, misbehavior.options, `options of ${misbehavior.name}, or none`),
    ttlMs: ttlMs ?? null,
  });
}

function stateView(state: MisbehaviorState): MisbehaviorView {
  const { misbehavior, frequency, bites, expiresInMs } = state;
  const { name, description, occasion } = misbehavior;
  const options = Object.fromEntries(
    Object.entries(state.options).map(([option, value]) => [
      option,
      typeof value === "bigint" ? formatTrimmed(value) : value,
    ]),
  );
  return { name, description, occasion, frequency, options, bites, expiresInMs };
}
