/** A price and the quantity that rests there, as the venue wrote them. */
export type Level = readonly [price: string, quantity: string];

/** The best prices of a book, as plain decimal text. */
export interface Top {
  readonly bid: string;
  readonly ask: string;
}

interface Row {
  readonly scaled: bigint;
  readonly price: string;
  quantity: string;
}

const SCALE_DIGITS = 18;

/**
 * One side of a book, best price first; levels are found by bisection. Prices are compared exactly, as scaled
 * integers.
 */
class BookSide {
  readonly #descending: boolean;
  #rows: Row[] = [];

  constructor(descending: boolean) {
    this.#descending = descending;
  }

  get best(): Row | undefined {
    return this.#rows[0];
  }

  levels(count: number): Level[] {
    return this.#rows.slice(0, count).map((row) => [row.price, row.quantity]);
  }

  replaceAll(levels: readonly Level[]): void {
    this.#rows = [];
    for (const [price, quantity] of levels) this.set(price, quantity);
  }

  set(price: string, quantity: string): void {
    const scaled = scaledPrice(price);
    const index = this.#indexOf(scaled);
    const present = this.#rows[index]?.scaled === scaled;
    if (isZero(quantity)) {
      // Deleting a level that is not in the book is normal: it was deeper than the snapshot.
      if (present) this.#rows.splice(index, 1);
    } else if (present) {
      const row = this.#rows[index];
      if (row !== undefined) row.quantity = quantity;
    } else {
      this.#rows.splice(index, 0, { scaled, price, quantity });
    }
  }

  #indexOf(scaled: bigint): number {
    let low = 0;
    let high = this.#rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#rows[middle]?.scaled ?? 0n;
      if (this.#descending ? other > scaled : other < scaled) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The order book of one symbol. It does not check the order of updates; the feed's sync rule does. */
export class OrderBook {
  readonly #bids = new BookSide(true);
  readonly #asks = new BookSide(false);

  /** The best bid and ask, or undefined when a side is empty. */
  get top(): Top | undefined {
    const bid = this.#bids.best;
    const ask = this.#asks.best;
    return bid === undefined || ask === undefined
      ? undefined
      : { bid: plainDecimal(bid.price), ask: plainDecimal(ask.price) };
  }

  /** Whether the best bid is at or above the best ask, which is impossible in a correct book. */
  get crossed(): boolean {
    const bid = this.#bids.best;
    const ask = this.#asks.best;
    return bid !== undefined && ask !== undefined && bid.scaled >= ask.scaled;
  }

  bids(count: number): Level[] {
    return this.#bids.levels(count);
  }

  asks(count: number): Level[] {
    return this.#asks.levels(count);
  }

  replace(bids: readonly Level[], asks: readonly Level[]): void {
    this.#bids.replaceAll(bids);
    this.#asks.replaceAll(asks);
  }

  /** Sets levels; a quantity of zero deletes one. */
  update(bids: readonly Level[], asks: readonly Level[]): void {
    for (const [price, quantity] of bids) this.#bids.set(price, quantity);
    for (const [price, quantity] of asks) this.#asks.set(price, quantity);
  }
}

/** A decimal without its trailing zeros: `61837.60000000` is `61837.6`. */
export function plainDecimal(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

function scaledPrice(price: string): bigint {
  const point = price.indexOf(".");
  const whole = point < 0 ? price : price.slice(0, point);
  const fraction = point < 0 ? "" : price.slice(point + 1);
  if (!/^\d+$/.test(whole) || !/^\d*$/.test(fraction) || fraction.length > SCALE_DIGITS) {
    throw new RangeError(`Expected a price as decimal text, got ${JSON.stringify(price)}.`);
  }
  return BigInt(whole + fraction.padEnd(SCALE_DIGITS, "0"));
}

const isZero = (quantity: string): boolean => /^[0.]+$/.test(quantity);
