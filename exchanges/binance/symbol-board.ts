import type { Market } from "../market/market.ts";
import { BINANCE_SYMBOLS, type BinanceSymbol } from "./binance-symbols.ts";

/** The rules of a symbol that the venue may change during trading. */
export type SymbolChange = Partial<
  Pick<BinanceSymbol, "status" | "tickSize" | "minNotional" | "maxOpenOrders">
>;

/**
 * The symbols of an instance of the stub: those that both the stub and the tape have, with their current
 * rules.
 */
export class SymbolBoard {
  readonly #symbols = new Map<string, BinanceSymbol>();

  /** Lists the tape's symbols, once its books are loaded. */
  open(market: Market): void {
    for (const { symbol } of market.symbols) {
      const known = BINANCE_SYMBOLS.get(symbol);
      if (known !== undefined) this.#symbols.set(symbol, known);
    }
  }

  get all(): readonly BinanceSymbol[] {
    return [...this.#symbols.values()];
  }

  find(name: string): BinanceSymbol | undefined {
    return this.#symbols.get(name);
  }

  /** Changes a symbol's rules from now on. A symbol that is not listed stays unlisted. */
  change(name: string, change: SymbolChange): void {
    const symbol = this.#symbols.get(name);
    if (symbol !== undefined) this.#symbols.set(name, { ...symbol, ...change });
  }
}
