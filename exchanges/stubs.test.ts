import { describe, expect, it } from "vitest";
import { VENUE_LINKS, VENUES } from "../venues/index.ts";
import { BINANCE_SYMBOLS } from "./binance/binance-symbols.ts";
import { BIST_SYMBOLS } from "./bist/quote-walk.ts";
import { BTCTURK_PAIRS } from "./btcturk/btcturk-pairs.ts";
import { startExchanges } from "./start-exchanges.ts";

/** A stub has a list of its own with more details of each symbol than the table. */
const STUB_SYMBOLS: Readonly<Record<string, readonly string[]>> = {
  binance: [...BINANCE_SYMBOLS.keys()],
  btcturk: BTCTURK_PAIRS.map(({ symbol }) => symbol),
  bist: BIST_SYMBOLS.map(({ symbol }) => symbol),
};

describe("the stubs", () => {
  it.each(VENUES)("of $name has the symbols of the table", ({ name, symbols }) => {
    expect(STUB_SYMBOLS[name] ?? symbols).toEqual(symbols);
  });

  it("serve every link of the table, each on a port of its own", async () => {
    await using exchanges = await startExchanges();
    const ports = VENUE_LINKS.map(({ name }) => exchanges.ports[name]);
    expect(new Set(ports).size).toBe(VENUE_LINKS.length);
    expect(ports.every((port) => port > 0)).toBe(true);
  });

  it("serve the control API and then the links on consecutive ports, when the first is given", async () => {
    // Below the range of ephemeral ports, and different for each test process.
    const firstPort = 12_000 + (process.pid % 2_000) * 8;
    await using exchanges = await startExchanges({ firstPort });
    expect(exchanges.addresses.control).toBe(`http://127.0.0.1:${firstPort}`);
    expect(VENUE_LINKS.map(({ name }) => exchanges.ports[name])).toEqual(
      VENUE_LINKS.map((_, index) => firstPort + 1 + index),
    );
  });

  it.each(VENUES)("of $name answers the control API", async ({ name, orders }) => {
    await using exchanges = await startExchanges();
    const at = `${exchanges.addresses.control}/venues/${name}`;
    expect((await fetch(at)).status).toBe(200);
    expect((await fetch(`${at}/orders`)).status).toBe(orders.kind === "taken" ? 200 : 404);
  });
});
