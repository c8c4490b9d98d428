import { formatTrimmed, formatUnits } from "../../market/units.ts";
import type { BinanceSymbol } from "../binance-symbols.ts";
import { BINANCE_LIMITS } from "./rate-limits.ts";

/** The answer to `GET /api/v3/exchangeInfo`. What it lists is what the stub enforces. */
export function exchangeInfoView(
  serverTimeMs: number,
  symbols: readonly BinanceSymbol[],
): Record<string, unknown> {
  return {
    timezone: "UTC",
    serverTime: serverTimeMs,
    rateLimits: [
      limit("REQUEST_WEIGHT", "MINUTE", 1, BINANCE_LIMITS.weightPerMinute),
      limit("ORDERS", "SECOND", 10, BINANCE_LIMITS.ordersPer10s),
      limit("ORDERS", "DAY", 1, BINANCE_LIMITS.ordersPerDay),
    ],
    exchangeFilters: [],
    symbols: symbols.map(symbolView),
  };
}

function limit(rateLimitType: string, interval: string, intervalNum: number, max: number) {
  return { rateLimitType, interval, intervalNum, limit: max };
}

function symbolView(symbol: BinanceSymbol): Record<string, unknown> {
  return {
    symbol: symbol.symbol,
    status: "TRADING",
    baseAsset: symbol.base,
    baseAssetPrecision: 8,
    quoteAsset: symbol.quote,
    quotePrecision: 8,
    quoteAssetPrecision: 8,
    baseCommissionPrecision: 8,
    quoteCommissionPrecision: 8,
    orderTypes: ["LIMIT", "LIMIT_MAKER", "MARKET"],
    icebergAllowed: false,
    ocoAllowed: false,
    otoAllowed: false,
    quoteOrderQtyMarketAllowed: true,
    allowTrailingStop: false,
    cancelReplaceAllowed: false,
    amendAllowed: false,
    isSpotTradingAllowed: true,
    isMarginTradingAllowed: false,
    filters: filtersOf(symbol),
    permissions: [],
    permissionSets: [["SPOT"]],
    defaultSelfTradePreventionMode: "EXPIRE_MAKER",
    allowedSelfTradePreventionModes: ["EXPIRE_MAKER"],
  };
}

function filtersOf(symbol: BinanceSymbol): Record<string, unknown>[] {
  return [
    {
      filterType: "PRICE_FILTER",
      minPrice: formatUnits(symbol.minPrice),
      maxPrice: formatUnits(symbol.maxPrice),
      tickSize: formatUnits(symbol.tickSize),
    },
    {
      filterType: "LOT_SIZE",
      minQty: formatUnits(symbol.minQuantity),
      maxQty: formatUnits(symbol.maxQuantity),
      stepSize: formatUnits(symbol.stepSize),
    },
    {
      filterType: "MARKET_LOT_SIZE",
      minQty: formatUnits(0n),
      maxQty: formatUnits(symbol.maxMarketQuantity),
      stepSize: formatUnits(0n),
    },
    {
      filterType: "PERCENT_PRICE_BY_SIDE",
      bidMultiplierUp: formatTrimmed(symbol.percentPriceUp),
      bidMultiplierDown: formatTrimmed(symbol.percentPriceDown),
      askMultiplierUp: formatTrimmed(symbol.percentPriceUp),
      askMultiplierDown: formatTrimmed(symbol.percentPriceDown),
      avgPriceMins: 5,
    },
    {
      filterType: "NOTIONAL",
      minNotional: formatUnits(symbol.minNotional),
      applyMinToMarket: true,
      maxNotional: formatUnits(symbol.maxNotional),
      applyMaxToMarket: false,
      avgPriceMins: 5,
    },
  ];
}
