import type { Clock } from "../../core/index.ts";
import type { MatchingEngine } from "../market/matching/matching-engine.ts";
import type { BinanceCall, BinanceMisbehavior, BinanceResult } from "./binance-misbehavior.ts";
import type { Misbehavior } from "./misbehavior.ts";
import { MISBEHAVIORS } from "./registry.ts";
import type { Switchboard } from "./switchboard.ts";

/** What the calls of a misbehaving Binance stub work with: a part of its context. */
export interface MisbehavingContext {
  readonly misbehaviors: Switchboard;
  readonly engine: MatchingEngine;
  readonly clock: Clock;
}

const CALL_MISBEHAVIORS = MISBEHAVIORS.filter(isOfCalls);

/** Calls an endpoint as the venue does, changed by the active misbehaviors. */
export function callMisbehaving(
  { misbehaviors, engine, clock }: MisbehavingContext,
  call: Pick<BinanceCall<object>, "endpoint" | "parameter">,
  answer: () => BinanceResult,
): BinanceResult {
  let proceed = answer;
  for (const misbehavior of CALL_MISBEHAVIORS) {
    const active = misbehaviors.active(misbehavior);
    if (active === undefined) continue;
    const inner = proceed;
    const strikes = () => misbehaviors.strikes(misbehavior);
    const nowMs = (): number => clock.nowMs();
    proceed = () => misbehavior.call({ ...call, engine, nowMs, active, strikes, proceed: inner });
  }
  return proceed();
}

function isOfCalls(misbehavior: Misbehavior): misbehavior is BinanceMisbehavior {
  return "call" in misbehavior;
}
