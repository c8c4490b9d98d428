import { greatest, multiply, multiplyUp, type Units } from "../units.ts";
import type { OrderSide } from "./order.ts";

/** What a venue charges, as a share of one: 0.001 is {@link Units} of 0.1 %. */
export interface FeeSchedule {
  readonly makerRate: Units;
  readonly takerRate: Units;
  /** Binance takes its fee from what the trade brings, BTCTurk always from the quote asset. */
  readonly takenFrom: "received" | "quote";
}

/** A trading pair's two assets. */
export interface Pair {
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
}

/** The fee of one fill, cut off after eight decimals. */
export function feeOf(
  schedule: FeeSchedule,
  pair: Pair,
  fill: { side: OrderSide; quantity: Units; quote: Units; isMaker: boolean },
): { fee: Units; feeAsset: string } {
  const rate = fill.isMaker ? schedule.makerRate : schedule.takerRate;
  const inBase = schedule.takenFrom === "received" && fill.side === "buy";
  return inBase
    ? { fee: multiply(fill.quantity, rate), feeAsset: pair.base }
    : { fee: multiply(fill.quote, rate), feeAsset: pair.quote };
}

/** What a purchase must reserve in the quote asset so that the worst fee is covered too. */
export function purchaseReserve(schedule: FeeSchedule, price: Units, quantity: Units): Units {
  const cost = multiplyUp(price, quantity);
  if (schedule.takenFrom === "received") return cost;
  return cost + multiplyUp(cost, greatest(schedule.makerRate, schedule.takerRate));
}
