import type { OrderBook } from "../market/order-book.ts";
import { multiply, type Units } from "../market/units.ts";
import { binanceError } from "./binance-error.ts";
import type { BinanceSymbol } from "./binance-symbols.ts";

/** Checks a limit price against PRICE_FILTER and PERCENT_PRICE_BY_SIDE. Throws -1013. */
export function checkPrice(symbol: BinanceSymbol, price: Units, reference: Units | undefined): void {
  if (price === 0n) throw binanceError.invalidPrice();
  const inRange = price >= symbol.minPrice && price <= symbol.maxPrice;
  if (!inRange || price % symbol.tickSize !== 0n) throw binanceError.filterFailure("PRICE_FILTER");
  if (reference === undefined) return;
  const tooLow = price < multiply(reference, symbol.percentPriceDown);
  if (tooLow || price > multiply(reference, symbol.percentPriceUp)) {
    throw binanceError.filterFailure("PERCENT_PRICE_BY_SIDE");
  }
}

/** Checks a quantity against LOT_SIZE, and a market order's against MARKET_LOT_SIZE too. Throws -1013. */
export function checkQuantity(symbol: BinanceSymbol, quantity: Units, isMarket: boolean): void {
  if (quantity === 0n) throw binanceError.invalidQuantity();
  const inRange = quantity >= symbol.minQuantity && quantity <= symbol.maxQuantity;
  if (!inRange || quantity % symbol.stepSize !== 0n) throw binanceError.filterFailure("LOT_SIZE");
  if (isMarket && quantity > symbol.maxMarketQuantity) throw binanceError.filterFailure("MARKET_LOT_SIZE");
}

/** Checks an order's worth against NOTIONAL. Throws -1013. */
export function checkNotional(symbol: BinanceSymbol, worth: Units, isMarket: boolean): void {
  const tooLarge = !isMarket && worth > symbol.maxNotional;
  if (worth < symbol.minNotional || tooLarge) throw binanceError.filterFailure("NOTIONAL");
}

/** The middle of the book: what filters on market orders and far prices go by. */
export function referencePrice(book: OrderBook): Units | undefined {
  const bid = book.bids.bestPrice;
  const ask = book.asks.bestPrice;
  if (bid === undefined || ask === undefined) return bid ?? ask;
  return (bid + ask) / 2n;
}
