import type { Clock } from "../../core/index.ts";
import type { HttpReply, HttpRequest } from "../http/http-server.ts";
import type { MatchingEngine } from "../market/matching/matching-engine.ts";
import type { Misbehavior } from "./misbehavior.ts";
import { MISBEHAVIORS } from "./registry.ts";
import type { RestMisbehavior } from "./rest-misbehavior.ts";
import type { Switchboard } from "./switchboard.ts";

/** What the REST misbehaviors of a venue work with. */
export interface MisbehavingVenue {
  readonly switchboard: Switchboard;
  readonly engine: MatchingEngine;
  readonly clock: Clock;
}

const REST_MISBEHAVIORS = MISBEHAVIORS.filter(isOfRest);

/** Answers a request as the venue does, changed by the active misbehaviors. */
export function answerMisbehaving(
  { switchboard, engine, clock }: MisbehavingVenue,
  request: HttpRequest,
  answer: () => HttpReply | Promise<HttpReply>,
): Promise<HttpReply> {
  let proceed = async (): Promise<HttpReply> => answer();
  for (const misbehavior of REST_MISBEHAVIORS) {
    const active = switchboard.active(misbehavior);
    if (active === undefined) continue;
    const inner = proceed;
    const strikes = () => switchboard.strikes(misbehavior);
    const times = { nowMs: () => clock.nowMs(), sleep: (durationMs: number) => clock.sleep(durationMs) };
    proceed = () => misbehavior.answer({ request, engine, active, proceed: inner, strikes, ...times });
  }
  return proceed();
}

function isOfRest(misbehavior: Misbehavior): misbehavior is RestMisbehavior {
  return "answer" in misbehavior;
}
