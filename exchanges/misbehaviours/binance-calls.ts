import type { Clock } from "../../core/index.ts";
import type { MatchingEngine } from "../market/matching/matching-engine.ts";
import type { BinanceCall, BinanceMisbehaviour, BinanceResult } from "./binance-misbehaviour.ts";
import type { Misbehaviour } from "./misbehaviour.ts";
import { MISBEHAVIOURS } from "./registry.ts";
import type { Switchboard } from "./switchboard.ts";

/** What the calls of a Binance that misbehaves work with: a part of its context. */
export interface MisbehavingContext {
  readonly misbehaviours: Switchboard;
  readonly engine: MatchingEngine;
  readonly clock: Clock;
}

const CALL_MISBEHAVIOURS = MISBEHAVIOURS.filter(isOfCalls);

/** Calls an endpoint as the venue does, with what the misbehaviours that are on make of it. */
export function callMisbehaving(
  { misbehaviours, engine, clock }: MisbehavingContext,
  call: Pick<BinanceCall<object>, "endpoint" | "parameter">,
  answer: () => BinanceResult,
): BinanceResult {
  let proceed = answer;
  for (const misbehaviour of CALL_MISBEHAVIOURS) {
    const active = misbehaviours.active(misbehaviour);
    if (active === undefined) continue;
    const inner = proceed;
    const strikes = () => misbehaviours.strikes(misbehaviour);
    const nowMs = (): number => clock.nowMs();
    proceed = () => misbehaviour.call({ ...call, engine, nowMs, active, strikes, proceed: inner });
  }
  return proceed();
}

function isOfCalls(misbehaviour: Misbehaviour): misbehaviour is BinanceMisbehaviour {
  return "call" in misbehaviour;
}
