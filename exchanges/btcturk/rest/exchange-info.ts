import { formatTrimmed } from "../../market/units.ts";
import { ASSETS, type BtcturkPair, priceBounds } from "../btcturk-pairs.ts";
import { type BtcturkContext, listedPairs, success } from "./context.ts";

/** `GET /api/v2/server/exchangeinfo`: pairs, currencies, and which of these can be deposited or withdrawn. */
export function exchangeInfo(context: BtcturkContext) {
  const pairs = listedPairs(context.market);
  const assets = new Set(["TRY", ...pairs.flatMap(({ base, quote }) => [base, quote])]);
  const currencies = ASSETS.filter(({ symbol }) => assets.has(symbol));
  return success(
    {
      timeZone: "UTC",
      serverTime: context.clock.nowMs(),
      symbols: pairs.map((pair) => pairView(context, pair)),
      currencies: currencies.map(currencyView),
      currencyOperationBlocks: currencies.map(({ symbol }) => ({
        currencySymbol: symbol,
        withdrawalDisabled: false,
        depositDisabled: false,
      })),
    },
    null,
  );
}

function pairView({ market }: BtcturkContext, pair: BtcturkPair): Record<string, unknown> {
  const { lowest, highest } = priceBounds(market.symbol(pair.symbol));
  return {
    id: pair.id,
    name: pair.symbol,
    nameNormalized: pair.normalized,
    status: "TRADING",
    numerator: pair.base,
    denominator: pair.quote,
    numeratorScale: pair.numeratorScale,
    denominatorScale: pair.denominatorScale,
    hasFraction: true,
    filters: [
      {
        filterType: "PRICE_FILTER",
        minPrice: "0.0000000000001",
        maxPrice: "10000000",
        tickSize: "0.01",
        minExchangeValue: formatTrimmed(pair.minTotal),
        minAmount: null,
        maxAmount: null,
      },
    ],
    orderMethods: ["MARKET", "LIMIT", "STOP_MARKET", "STOP_LIMIT"],
    displayFormat: "#,###.##",
    commissionFromNumerator: false,
    order: 2_000,
    priceRounding: false,
    isNew: false,
    marketPriceWarningThresholdPercentage: 0.25,
    maximumOrderAmount: null,
    maximumLimitOrderPrice: Number(formatTrimmed(highest)),
    minimumLimitOrderPrice: Number(formatTrimmed(lowest)),
  };
}

function currencyView(asset: (typeof ASSETS)[number]): Record<string, unknown> {
  const { id, symbol, name, precision } = asset;
  return {
    id,
    symbol,
    minWithdrawal: 0,
    minDeposit: 0,
    precision,
    currencyType: symbol === "TRY" ? "FIAT" : "CRYPTO",
    name,
    isAddressRenewable: false,
    getAutoAddressDisabled: false,
    isPartialWithdrawalEnabled: symbol !== "TRY",
    isNew: false,
  };
}
