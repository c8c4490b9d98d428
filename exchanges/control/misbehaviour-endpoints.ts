import { z } from "zod";
import { type HttpReply, type HttpRequest, json } from "../http/http-server.ts";
import { formatTrimmed } from "../market/units.ts";
import type { Frequency, Misbehaviour } from "../misbehaviours/misbehaviour.ts";
import type { MisbehaviourState, Switchboard } from "../misbehaviours/switchboard.ts";
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

/** A misbehaviour as the control API tells it. */
export interface MisbehaviourView {
  readonly name: string;
  readonly description: string;
  /** On what it is counted. */
  readonly occasion: string;
  readonly frequency: Frequency | "off";
  /** Its own options, complete; decimals as text. */
  readonly options: Readonly<Record<string, unknown>>;
  /** How often it struck since the stub's start or reset. */
  readonly bites: number;
  /** When it lapses by itself, in ms from now; null: not by itself. */
  readonly lapsesInMs: number | null;
}

/**
 * `GET|DELETE …/misbehaviours` and `GET|PUT|DELETE …/misbehaviours/{name}`. PUT takes one of `every`, `times`
 * and
 * `share` (left out: each time), `ttlMs` after which it lapses, and the misbehaviour's own options.
 */
export function answerMisbehaviours(
  switchboard: Switchboard,
  request: HttpRequest,
  name: string | undefined,
): HttpReply {
  const { method } = request;
  if (name === undefined) {
    if (method === "DELETE") {
      for (const { misbehaviour } of switchboard.states) switchboard.switchOff(misbehaviour.name);
    }
    if (method !== "GET" && method !== "DELETE") throw unknown("method", method, "GET or DELETE");
    return json(200, misbehaviourViews(switchboard));
  }
  const state = switchboard.state(name);
  if (state === undefined) {
    const known = switchboard.states.map(({ misbehaviour }) => misbehaviour.name).join(", ");
    throw unknown("misbehaviour", name, known);
  }
  if (method === "PUT") switchOn(switchboard, state.misbehaviour, request);
  else if (method === "DELETE") switchboard.switchOff(name);
  else if (method !== "GET") throw unknown("method", method, "GET, PUT or DELETE");
  return json(200, stateView(switchboard.state(name) ?? state));
}

/** All misbehaviours of a venue. */
export function misbehaviourViews(switchboard: Switchboard): readonly MisbehaviourView[] {
  return switchboard.states.map(stateView);
}

function switchOn(switchboard: Switchboard, misbehaviour: Misbehaviour, request: HttpRequest): void {
  const body = readJson(request);
  const { every, times, share, ttlMs } = checked(body, frequencySchema, '{"every":3} or {"times":1}');
  const own = Object.fromEntries(
    Object.entries(body as object).filter(([option]) => !(option in frequencySchema.shape)),
  );
  switchboard.switchOn(misbehaviour.name, {
    frequency: times !== undefined ? { times } : share !== undefined ? { share } : { every: every ?? 1 },
    options: checked(own, misbehaviour.options, `options of ${misbehaviour.name}, or none`),
    ttlMs: ttlMs ?? null,
  });
}

function stateView(state: MisbehaviourState): MisbehaviourView {
  const { misbehaviour, frequency, bites, lapsesInMs } = state;
  const { name, description, occasion } = misbehaviour;
  const options = Object.fromEntries(
    Object.entries(state.options).map(([option, value]) => [
      option,
      typeof value === "bigint" ? formatTrimmed(value) : value,
    ]),
  );
  return { name, description, occasion, frequency, options, bites, lapsesInMs };
}
