import type { MarketEvent } from "./market-event.ts";
import { greatest, least, multiply, ONE, type Units } from "./units.ts";

/** The trades since the tape's beginning: the stub's "last 24 hours". */
export interface SymbolStatistics {
  readonly open: Units;
  readonly high: Units;
  readonly low: Units;
  readonly last: Units;
  /** In the base asset. */
  readonly volume: Units;
  readonly quoteVolume: Units;
}

/** Sums up each symbol's public trades. */
export class DayStatistics {
  readonly #bySymbol = new Map<string, SymbolStatistics>();

  of(symbol: string): SymbolStatistics | undefined {
    return this.#bySymbol.get(symbol);
  }

  onMarketEvent(event: MarketEvent): void {
    if (event.kind !== "trade") return;
    const { price, quantity } = event.trade;
    const before = this.#bySymbol.get(event.symbol);
    this.#bySymbol.set(event.symbol, {
      open: before?.open ?? price,
      high: greatest(before?.high ?? price, price),
      low: least(before?.low ?? price, price),
      last: price,
      volume: (before?.volume ?? 0n) + quantity,
      quoteVolume: (before?.quoteVolume ?? 0n) + multiply(price, quantity),
    });
  }
}

/** The volume-weighted mean price; the last price when there were no trades. */
export function averagePrice({ volume, quoteVolume, last }: SymbolStatistics): Units {
  return volume === 0n ? last : (quoteVolume * ONE) / volume;
}
