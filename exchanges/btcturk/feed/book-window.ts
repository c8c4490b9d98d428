import type { Level } from "../../market/order-book.ts";
import type { BookSideName } from "../../market/price-ladder.ts";
import { formatTrimmed, type Units } from "../../market/units.ts";

/** The number of levels per side that the feed publishes. */
export const WINDOW_LEVELS = 100;

/** The kind of change of a level, as a 432 writes it. */
export const CHANGE = { replaced: 0, new: 1, deleted: 3 } as const;

/** One level of a 431. */
export interface WindowLevel {
  readonly A: string;
  readonly P: string;
}

/** One changed level of a 432. */
export interface ChangedLevel extends WindowLevel {
  readonly CP: (typeof CHANGE)[keyof typeof CHANGE];
}

/** The best hundred levels of a side, as last published. */
export class BookWindow {
  readonly #side: BookSideName;
  #levels: readonly Level[] = [];

  constructor(side: BookSideName) {
    this.#side = side;
  }

  /** The published levels, best first. */
  get levels(): readonly Level[] {
    return this.#levels;
  }

  /** The whole window as a 431 writes it, best first. */
  get all(): WindowLevel[] {
    return this.#levels.map(([price, quantity]) => ({ A: formatTrimmed(quantity), P: formatTrimmed(price) }));
  }

  /** Replaces the window by these levels, best first, and returns the changes, best price first. */
  update(levels: readonly Level[]): ChangedLevel[] {
    const before = new Map(this.#levels);
    const now = new Map(levels);
    const changes: (readonly [Units, ChangedLevel])[] = [];
    const addChange = (price: Units, quantity: Units, CP: ChangedLevel["CP"]): void => {
      changes.push([price, { CP, P: formatTrimmed(price), A: formatTrimmed(quantity) }]);
    };
    for (const [price, quantity] of levels) {
      const old = before.get(price);
      if (old === undefined) addChange(price, quantity, CHANGE.new);
      else if (old !== quantity) addChange(price, quantity, CHANGE.replaced);
    }
    for (const [price, quantity] of this.#levels)
      if (!now.has(price)) addChange(price, quantity, CHANGE.deleted);
    this.#levels = levels;
    const direction = this.#side === "asks" ? 1 : -1;
    changes.sort(([left], [right]) => (left < right ? -direction : direction));
    return changes.map(([, change]) => change);
  }
}
