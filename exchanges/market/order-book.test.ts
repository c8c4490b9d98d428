import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { levels } from "../testing/tapes.ts";
import { type Level, levelsBetween, OrderBook } from "./order-book.ts";

const anyLevels = fc.array(fc.tuple(fc.bigInt(1n, 60n), fc.bigInt(0n, 3n)), { maxLength: 80 });
const byPrice = (direction: 1 | -1) => (left: Level, right: Level) =>
  left[0] < right[0] ? -direction : direction;

describe("an order book", () => {
  it("has the content of a plain map, best price first, whatever the order of changes", () => {
    fc.assert(
      fc.property(anyLevels, (changes) => {
        const book = new OrderBook();
        const plain = new Map<bigint, bigint>();
        for (const [index, [price, quantity]] of changes.entries()) {
          const both = { bids: [[price, quantity] as const], asks: [[price, quantity] as const] };
          book.apply({ firstUpdateId: index + 1, lastUpdateId: index + 1, eventMs: 0, ...both });
          if (quantity === 0n) plain.delete(price);
          else plain.set(price, quantity);
        }
        expect(book.top("bids", 100)).toEqual([...plain].sort(byPrice(-1)));
        expect(book.top("asks", 100)).toEqual([...plain].sort(byPrice(1)));
        expect(book.bids.bestPrice).toBe(book.top("bids", 1)[0]?.[0]);
      }),
    );
  });

  it("drops a diff that its snapshot already contains and applies one that overlaps it", () => {
    const book = new OrderBook();
    book.load({ lastUpdateId: 218, bids: levels(["10", "1"]), asks: levels(["11", "1"]) });
    const diff = { eventMs: 0, bids: levels(["10", "2"]), asks: [] };
    expect(book.apply({ ...diff, firstUpdateId: 200, lastUpdateId: 218 })).toBe(false);
    expect(book.top("bids", 1)).toEqual(levels(["10", "1"]));
    expect(book.apply({ ...diff, firstUpdateId: 208, lastUpdateId: 224 })).toBe(true);
    expect(book.top("bids", 1)).toEqual(levels(["10", "2"]));
  });

  it("finds the changes that turn one book into another", () => {
    fc.assert(
      fc.property(anyLevels, anyLevels, (from, to) => {
        const wanted = [...new Map(to.filter(([, quantity]) => quantity > 0n))];
        const book = new OrderBook();
        book.apply({ firstUpdateId: 1, lastUpdateId: 1, eventMs: 0, bids: from, asks: [] });
        const bids = levelsBetween(book.bids, wanted);
        book.apply({ firstUpdateId: 2, lastUpdateId: 2, eventMs: 0, bids, asks: [] });
        expect(book.top("bids", 100)).toEqual(wanted.sort(byPrice(-1)));
      }),
    );
  });
});
