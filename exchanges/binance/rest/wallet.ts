import { OrderRefused } from "../../market/matching/order-refused.ts";
import { formatUnits } from "../../market/units.ts";
import { binanceError } from "../binance-error.ts";
import { type BinanceContext, body, type Endpoint, type EndpointResult, namedSymbols } from "./context.ts";
import type { Parameters } from "./parameters.ts";

const signed = (answer: Endpoint["answer"]): Endpoint => ({ access: "signed", weight: () => 1, answer });
const keyed = (answer: Endpoint["answer"]): Endpoint => ({ access: "keyed", weight: () => 1, answer });

/** Calls outside spot trading that spot clients also make: the list of assets, and transfers. */
export const WALLET_ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  "GET /sapi/v1/capital/config/getall": signed(assets),
  "GET /sapi/v1/margin/allPairs": keyed(() => body([])),
  "GET /sapi/v1/margin/isolated/allPairs": keyed(() => body([])),
  "GET /sapi/v1/asset/tradeFee": signed(tradeFees),
  "POST /sapi/v1/asset/transfer": signed(transfer),
  "GET /sapi/v1/system/status": {
    access: "public",
    weight: () => 1,
    answer: () => body({ status: 0, msg: "normal" }),
  },
};

const RATE = "0.001";

function assets({ engine }: BinanceContext): EndpointResult {
  return body(
    engine.ledger.balances.map(({ asset, free, locked }) => ({
      coin: asset,
      depositAllEnable: true,
      free: formatUnits(free),
      freeze: "0",
      ipoable: "0",
      ipoing: "0",
      isLegalMoney: false,
      locked: formatUnits(locked),
      name: asset,
      networkList: [],
      storage: "0",
      trading: true,
      withdrawAllEnable: true,
      withdrawing: "0",
    })),
  );
}

function tradeFees(context: BinanceContext, parameters: Parameters): EndpointResult {
  const symbols = namedSymbols(context, parameters) ?? context.symbols.all;
  return body(symbols.map(({ symbol }) => ({ symbol, makerCommission: RATE, takerCommission: RATE })));
}

/**
 * Transfers money between the spot account and another one of the same owner: `MAIN_…` out of it, `…_MAIN`
 * into it.
 */
function transfer(context: BinanceContext, parameters: Parameters): EndpointResult {
  const type =
    parameters.matching("type", "^(MAIN_[A-Z_]{1,30}|[A-Z_]{1,30}_MAIN)$") ?? parameters.mandatory("type");
  const asset = parameters.mandatory("asset");
  const amount = parameters.decimal("amount");
  if (amount === undefined || amount === 0n) throw binanceError.missing("amount");
  try {
    context.engine.transfer(asset, type.startsWith("MAIN_") ? -amount : amount);
  } catch (cause) {
    if (cause instanceof OrderRefused) throw binanceError.insufficientBalance();
    throw cause;
  }
  return body({ tranId: context.freshTransferId() });
}
