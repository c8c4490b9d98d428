import { formatTrimmed, formatUnits } from "../../market/units.ts";
import { type BinanceSymbol, DEFAULT_SELF_TRADE_MODE, SELF_TRADE_MODES } from "../binance-symbols.ts";
import { FILTER_AVERAGE_MINUTES } from "../filters.ts";
import { ORDER_TYPE_NAMES } from "./order-form.ts";
import { RATE_LIMIT_VIEWS } from "./rate-limits.ts";

const PERMISSION_SETS = [["SPOT"]];

/** The answer to `GET /api/v3/exchangeInfo`. The stub enforces everything that it lists. */
export function exchangeInfoView(
  serverTimeMs: number,
  symbols: readonly BinanceSymbol[],
  showsPermissions: boolean,
): Record<string, unknown> {
  return {
    timezone: "UTC",
    serverTime: serverTimeMs,
    rateLimits: RATE_LIMIT_VIEWS,
    exchangeFilters: [],
    symbols: symbols.map((symbol) => ({
      ...symbolView(symbol),
      permissionSets: showsPermissions ? PERMISSION_SETS : [],
    })),
  };
}

function symbolView(symbol: BinanceSymbol): Record<string, unknown> {
  return {
    symbol: symbol.symbol,
    status: symbol.status,
    baseAsset: symbol.base,
    baseAssetPrecision: 8,
    quoteAsset: symbol.quote,
    quotePrecision: 8,
    quoteAssetPrecision: 8,
    baseCommissionPrecision: 8,
    quoteCommissionPrecision: 8,
    orderTypes: ORDER_TYPE_NAMES,
    icebergAllowed: true,
    ocoAllowed: false,
    otoAllowed: false,
    opoAllowed: false,
    quoteOrderQtyMarketAllowed: true,
    allowTrailingStop: false,
    cancelReplaceAllowed: true,
    amendAllowed: false,
    pegInstructionsAllowed: false,
    isSpotTradingAllowed: true,
    isMarginTradingAllowed: false,
    filters: filtersOf(symbol),
    permissions: [],
    defaultSelfTradePreventionMode: DEFAULT_SELF_TRADE_MODE,
    allowedSelfTradePreventionModes: [...SELF_TRADE_MODES.keys()],
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
      avgPriceMins: FILTER_AVERAGE_MINUTES,
    },
    {
      filterType: "NOTIONAL",
      minNotional: formatUnits(symbol.minNotional),
      applyMinToMarket: true,
      maxNotional: formatUnits(symbol.maxNotional),
      applyMaxToMarket: false,
      avgPriceMins: FILTER_AVERAGE_MINUTES,
    },
    { filterType: "ICEBERG_PARTS", limit: symbol.maxIcebergParts },
    ...openOrderFilters(symbol),
  ];
}

/** The filters of how many orders an account may have open. */
export function openOrderFilters(symbol: BinanceSymbol): readonly Record<string, unknown>[] {
  return [
    { filterType: "MAX_NUM_ORDERS", maxNumOrders: symbol.maxOpenOrders },
    { filterType: "MAX_NUM_ALGO_ORDERS", maxNumAlgoOrders: symbol.maxWaitingOrders },
  ];
}
