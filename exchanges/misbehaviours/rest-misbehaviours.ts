import type { Clock } from "../../core/index.ts";
import type { HttpReply, HttpRequest } from "../http/http-server.ts";
import type { MatchingEngine } from "../market/matching/matching-engine.ts";
import type { Misbehaviour } from "./misbehaviour.ts";
import { MISBEHAVIOURS } from "./registry.ts";
import type { RestMisbehaviour } from "./rest-misbehaviour.ts";
import type { Switchboard } from "./switchboard.ts";

/** What the REST misbehaviours of a venue work with. */
export interface MisbehavingVenue {
  readonly switchboard: Switchboard;
  readonly engine: MatchingEngine;
  readonly clock: Clock;
}

const REST_MISBEHAVIOURS = MISBEHAVIOURS.filter(isOfRest);

/** Answers a request as the venue does, with what the misbehaviours that are on make of it. */
export function answerMisbehaving(
  { switchboard, engine, clock }: MisbehavingVenue,
  request: HttpRequest,
  answer: () => HttpReply | Promise<HttpReply>,
): Promise<HttpReply> {
  let proceed = async (): Promise<HttpReply> => answer();
  for (const misbehaviour of REST_MISBEHAVIOURS) {
    const active = switchboard.active(misbehaviour);
    if (active === undefined) continue;
    const inner = proceed;
    const strikes = () => switchboard.strikes(misbehaviour);
    const times = { nowMs: () => clock.nowMs(), sleep: (durationMs: number) => clock.sleep(durationMs) };
    proceed = () => misbehaviour.answer({ request, engine, active, proceed: inner, strikes, ...times });
  }
  return proceed();
}

function isOfRest(misbehaviour: Misbehaviour): misbehaviour is RestMisbehaviour {
  return "answer" in misbehaviour;
}
