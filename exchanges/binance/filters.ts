import type { SymbolMarket } from "../market/market.ts";
import { multiply, type Units } from "../market/units.ts";
import { binanceError } from "./binance-error.ts";
import type { BinanceSymbol } from "./binance-symbols.ts";

/** The filters use the average price over this many minutes. */
export const FILTER_AVERAGE_MINUTES = 5;

/** Checks a limit price against PRICE_FILTER and PERCENT_PRICE_BY_SIDE. Throws -1013. */
export function checkPrice(symbol: BinanceSymbol, price: Units, reference: Units | undefined): void {
  checkTick(symbol, price);
  if (reference === undefined) return;
  const tooLow = price < multiply(reference, symbol.percentPriceDown);
  if (tooLow || price > multiply(reference, symbol.percentPriceUp)) {
    throw binanceError.filterFailure("PERCENT_PRICE_BY_SIDE");
  }
}

/** Checks a price or stop price against PRICE_FILTER. Throws -1013. */
export function checkTick(symbol: BinanceSymbol, price: Units): void {
  if (price === 0n) throw binanceError.invalidPrice();
  const inRange = price >= symbol.minPrice && price <= symbol.maxPrice;
  if (!inRange || price % symbol.tickSize !== 0n) throw binanceError.filterFailure("PRICE_FILTER");
}

/** Checks a quantity against LOT_SIZE, and a market order's against MARKET_LOT_SIZE too. Throws -1013. */
export function checkQuantity(symbol: BinanceSymbol, quantity: Units, isMarket: boolean): void {
  if (quantity === 0n) throw binanceError.invalidQuantity();
  const inRange = quantity >= symbol.minQuantity && quantity <= symbol.maxQuantity;
  if (!inRange || quantity % symbol.stepSize !== 0n) throw binanceError.filterFailure("LOT_SIZE");
  if (isMarket && quantity > symbol.maxMarketQuantity) throw binanceError.filterFailure("MARKET_LOT_SIZE");
}

/** Checks an order's notional value against NOTIONAL. Throws -1013. */
export function checkNotional(symbol: BinanceSymbol, worth: Units, isMarket: boolean): void {
  const tooLarge = !isMarket && worth > symbol.maxNotional;
  if (worth < symbol.minNotional || tooLarge) throw binanceError.filterFailure("NOTIONAL");
}

/**
 * Checks an iceberg's visible quantity against LOT_SIZE and ICEBERG_PARTS. Throws -1013, or -2010 when it
 * exceeds the whole.
 */
export function checkIceberg(symbol: BinanceSymbol, quantity: Units, tip: Units): void {
  if (tip > quantity) throw binanceError.rejectedOrder("IcebergQty exceeds QTY.");
  checkQuantity(symbol, tip, false);
  const parts = (quantity + tip - 1n) / tip;
  if (parts > BigInt(symbol.maxIcebergParts)) throw binanceError.filterFailure("ICEBERG_PARTS");
}

/** Checks the account's open orders against MAX_NUM_ORDERS and MAX_NUM_ALGO_ORDERS. Throws -1013. */
export function checkOpenOrders(
  symbol: BinanceSymbol,
  { open, withTrigger }: { readonly open: number; readonly withTrigger: number },
  hasTrigger: boolean,
): void {
  if (open >= symbol.maxOpenOrders) throw binanceError.filterFailure("MAX_NUM_ORDERS");
  if (hasTrigger && withTrigger >= symbol.maxWaitingOrders) {
    throw binanceError.filterFailure("MAX_NUM_ALGO_ORDERS");
  }
}

/**
 * The price that filters compare market orders and distant prices with: the average price, or before any
 * trade the book's mid.
 */
export function referencePrice({ book, history }: SymbolMarket): Units | undefined {
  const average = history.averagePrice(FILTER_AVERAGE_MINUTES);
  if (average !== undefined) return average.price;
  const bid = book.bids.bestPrice;
  const ask = book.asks.bestPrice;
  if (bid === undefined || ask === undefined) return bid ?? ask;
  return (bid + ask) / 2n;
}
