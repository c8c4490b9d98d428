import { type Clock, seededRandom } from "../../core/index.ts";
import { Ledger } from "../market/matching/ledger.ts";
import { MatchingEngine } from "../market/matching/matching-engine.ts";
import { parseUnits, type Units } from "../market/units.ts";

/** The initial balances of the stub's BTCTurk account. */
const BTCTURK_INITIAL_BALANCES: Readonly<Record<string, Units>> = {
  TRY: parseUnits("10000000"),
  USDT: parseUnits("1000000"),
  BTC: parseUnits("100"),
  ETH: parseUnits("1000"),
};

/** The engine behind the BTCTurk stub: fees in the quote asset, ids derived from the seed. */
export function createBtcturkEngine(seed: number, clock: Clock): MatchingEngine {
  const random = seededRandom(seed).fork("btcturk ids");
  return new MatchingEngine({
    ledger: new Ledger(BTCTURK_INITIAL_BALANCES),
    fees: { makerRate: parseUnits("0.0009"), takerRate: parseUnits("0.0018"), takenFrom: "quote" },
    clock,
    firstOrderId: 23_000_000_000 + random.below(1_000_000_000),
    firstTradeId: 900_000_000 + random.below(100_000_000),
    uniqueOpenClientOrderIds: false,
  });
}
