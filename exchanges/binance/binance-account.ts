import { type Clock, type Random, seededRandom } from "../../core/index.ts";
import { Ledger } from "../market/matching/ledger.ts";
import { MatchingEngine } from "../market/matching/matching-engine.ts";
import { parseUnits } from "../market/units.ts";

/** The initial balances of the stub's Binance account. */
const BINANCE_INITIAL_BALANCES: Readonly<Record<string, bigint>> = {
  USDT: parseUnits("1000000"),
  BTC: parseUnits("100"),
  ETH: parseUnits("1000"),
};

const CLIENT_ID_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const FEE_RATE = parseUnits("0.001");

/** The engine behind the Binance stub: a fee of 0.1 % of what is received, ids derived from the seed. */
export function createBinanceEngine(seed: number, clock: Clock): MatchingEngine {
  const random = seededRandom(seed).fork("binance ids");
  return new MatchingEngine({
    ledger: new Ledger(BINANCE_INITIAL_BALANCES),
    fees: { makerRate: FEE_RATE, takerRate: FEE_RATE, takenFrom: "received" },
    clock,
    firstOrderId: 28_000_000_000 + random.below(1_000_000_000),
    firstTradeId: 6_000_000_000 + random.below(1_000_000_000),
    uniqueOpenClientOrderIds: true,
  });
}

/** Returns client order ids in the venue's style, for orders that were sent without one. */
export function clientOrderIds(seed: number): () => string {
  const random: Random = seededRandom(seed).fork("binance client order ids");
  return () => {
    let id = "";
    while (id.length < 22) id += CLIENT_ID_LETTERS[random.below(CLIENT_ID_LETTERS.length)];
    return id;
  };
}
