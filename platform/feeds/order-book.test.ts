import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BinanceBook } from "./binance-book.ts";
import { BtcturkBook } from "./btcturk-book.ts";
import { type Level, OrderBook, plainDecimal } from "./order-book.ts";

describe("an order book", () => {
  it("keeps both sides sorted and its levels exact, whatever the order of updates", () => {
    const update = fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 5 }));
    fc.assert(
      fc.property(fc.array(update), (updates) => {
        const book = new OrderBook();
        const expected = new Map<string, string>();
        for (const [ticks, size] of updates) {
          const price = (ticks / 4).toFixed(8);
          book.update([[price, `${size}.00000000`]], []);
          if (size === 0) expected.delete(price);
          else expected.set(price, `${size}.00000000`);
        }
        const sorted = [...expected].sort(([left], [right]) => Number(right) - Number(left));
        expect(book.bids(100)).toEqual(sorted);
      }),
    );
  });

  it("distinguishes prices that a float cannot", () => {
    const book = new OrderBook();
    book.replace(
      [],
      [
        ["0.100000000000000002", "1"],
        ["0.100000000000000001", "1"],
      ],
    );
    expect(book.asks(1)).toEqual([["0.100000000000000001", "1"]]);
  });

  it("returns prices without trailing zeros", () => {
    expect(["61837.60000000", "100", "0.50", "100.00"].map(plainDecimal)).toEqual([
      "61837.6",
      "100",
      "0.5",
      "100",
    ]);
  });
});

describe("Binance's sync rule", () => {
  const snapshot = (lastUpdateId: number) => ({
    lastUpdateId,
    bids: [["100", "1"]] as Level[],
    asks: [["101", "1"]] as Level[],
  });
  const diff = (first: number, last: number, bids: Level[] = []) => ({ U: first, u: last, b: bids, a: [] });

  it("takes the snapshot again while it is older than the first buffered diff", () => {
    const book = new BinanceBook();
    expect(book.onUpdate(diff(10, 12))).toBe("buffered");
    expect(book.onSnapshot(snapshot(8))).toBe("needs-snapshot");
    expect(book.onSnapshot(snapshot(11))).toBe("applied");
    expect(book.synced).toBe(true);
  });

  it("drops what the snapshot contains and applies what comes after it", () => {
    const book = new BinanceBook();
    book.onUpdate(diff(5, 6, [["100", "7"]]));
    book.onUpdate(diff(7, 8, [["99", "2"]]));
    book.onSnapshot(snapshot(6));
    expect(book.book.bids(9)).toEqual([
      ["100", "1"],
      ["99", "2"],
    ]);
  });

  it("discards the book at a gap, and keeps the diff for the next snapshot", () => {
    const book = new BinanceBook();
    book.onSnapshot(snapshot(5));
    expect(book.onUpdate(diff(6, 6))).toBe("applied");
    expect(book.onUpdate(diff(8, 9))).toBe("gap");
    expect(book.synced).toBe(false);
    expect(book.onSnapshot(snapshot(7))).toBe("needs-snapshot");
    expect(book.onSnapshot(snapshot(9))).toBe("applied");
  });

  it("discards a crossed book", () => {
    const book = new BinanceBook();
    book.onSnapshot(snapshot(5));
    expect(book.onUpdate(diff(6, 6, [["101", "1"]]))).toBe("crossed");
  });
});

describe("BTCTurk's sync rule", () => {
  const frame = (set: number, bids: { P: string; A: string; CP?: number }[] = []) => ({
    CS: set,
    AO: [],
    BO: bids,
  });

  it("applies new, changed and deleted levels, and ignores the deletion of unknown ones", () => {
    const book = new BtcturkBook();
    book.onSnapshot(frame(7, [{ P: "100", A: "1" }]));
    const changes = [
      { P: "100", A: "3", CP: 0 },
      { P: "99.5", A: "2", CP: 1 },
      { P: "98", A: "9", CP: 3 },
    ];
    expect(book.onChange(frame(8, changes))).toBe("applied");
    expect(book.book.bids(9)).toEqual([
      ["100", "3"],
      ["99.5", "2"],
    ]);
  });

  it("discards the book when CS does not increase by one", () => {
    const book = new BtcturkBook();
    book.onSnapshot(frame(7));
    expect(book.onChange(frame(9))).toBe("gap");
    expect(book.synced).toBe(false);
    expect(book.onChange(frame(10))).toBe("ignored");
  });
});
