import { greatest, multiply, multiplyUp, type Units } from "../units.ts";
import type { OrderSide } from "./order.ts";

/** A venue's fee rates as fractions: 0.001 in {@link Units} is 0.1 %. */
export interface FeeSchedule {
  readonly makerRate: Units;
  readonly takerRate: Units;
  /** Binance charges the asset that the trade brings in, BTCTurk always the quote asset. */
  readonly takenFrom: "received" | "quote";
}

/** A trading pair's two assets. */
export interface Pair {
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
}

/** The fee of one fill, truncated to eight decimals. */
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

/** The reserve of a purchase in the quote asset, which also covers the highest fee. */
export function purchaseReserve(schedule: FeeSchedule, price: Units, quantity: Units): Units {
  const cost = multiplyUp(price, quantity);
  if (schedule.takenFrom === "received") return cost;
  return cost + multiplyUp(cost, greatest(schedule.makerRate, schedule.takerRate));
}
