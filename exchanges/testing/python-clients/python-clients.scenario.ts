import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type RunningExchanges, startExchanges } from "../../start-exchanges.ts";

const FOLDER = import.meta.dirname;
const PYTHON = join(FOLDER, ".venv/bin/python");
const IS_INSTALLED = existsSync(join(FOLDER, ".venv/whole"));
const run = promisify(execFile);

/** How each client throws the refusal of an order whose price is too far from the market. */
const REFUSALS = [
  ["python-binance", "BinanceAPIException -1013"],
  ["binance-sdk-spot", "BadRequestError -1013"],
  ["ccxt", "InvalidOrder binance Filter failure: PERCENT_PRICE_BY_SIDE"],
] as const;

let exchanges: RunningExchanges;
beforeAll(async () => {
  exchanges = await startExchanges({ seed: 3 });
});
beforeEach(() => exchanges.reset());
afterAll(() => exchanges.stop());

describe.skipIf(!IS_INSTALLED)(
  "an ordinary day at Binance (skipped where exchanges/testing/python-clients/install.sh was not run)",
  () => {
    it.each(REFUSALS)("of %s, with nothing changed but its address", async (client, refusal) => {
      const rest = `http://127.0.0.1:${exchanges.addresses.binance.restPort}`;
      const { stdout } = await run(PYTHON, [join(FOLDER, "day.py"), client, rest]);
      const day = JSON.parse(stdout);
      expect(day).toMatchObject({
        ...{ markets: ["BTCUSDT", "ETHUSDT"], tickers: ["BTCUSDT", "ETHUSDT"] },
        ...{ limit: "NEW", market: "FILLED", found: "limit", open: ["limit"], canceled: "CANCELED" },
        ...{ all: 2, own: 1, refusal },
      });
      const { bids, asks } = day.book as { bids: [string, string][]; asks: [string, string][] };
      expect([bids.length, asks.length]).toEqual([5, 5]);
      expect(Number(bids[0]?.[0])).toBeLessThan(Number(asks[0]?.[0]));
      expect(Number(day.balance)).toBeLessThan(1_000_000);
      expect(day.klines).toBeGreaterThan(0);
    });
  },
);
