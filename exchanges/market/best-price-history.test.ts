import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningExchanges, startExchanges } from "../start-exchanges.ts";
import { BinanceTestClient } from "../testing/binance-client.ts";
import { ControlTestClient } from "../testing/control-client.ts";
import { eventually } from "../testing/eventually.ts";

interface Book {
  readonly symbol: string;
  readonly bid: string;
  readonly ask: string;
  readonly recent: readonly { readonly bid: string; readonly ask: string }[];
}

let exchanges: RunningExchanges;
let control: ControlTestClient;

beforeAll(async () => {
  exchanges = await startExchanges({ seed: 11 });
  control = new ControlTestClient(exchanges);
});
afterAll(() => exchanges.stop());

const books = async () => (await control.send("GET", "/books")).body as readonly Book[];

describe("the best prices of the control API", () => {
  it("are the venue's own, once the tape is halted", async () => {
    await eventually(async () => expect((await books()).length).toBeGreaterThan(0));
    await control.send("POST", "/pause");
    const client = new BinanceTestClient(exchanges);
    for (const { symbol, bid, ask, recent } of await books()) {
      const { body } = await client.send("GET", `/api/v3/ticker/bookTicker?symbol=${symbol}`);
      expect({ bid: body.bidPrice, ask: body.askPrice }).toEqual({ bid, ask });
      expect(recent.at(-1)).toEqual({ bid, ask });
    }
    await control.send("POST", "/resume");
  });

  it("include those of a moment ago, and drop them again", async () => {
    const first = await eventually(async () => {
      const book = (await books()).find(({ symbol }) => symbol === "BTCUSDT");
      expect(book?.recent.length).toBeGreaterThan(2);
      return book?.recent[0];
    });
    await eventually(async () => {
      const book = (await books()).find(({ symbol }) => symbol === "BTCUSDT");
      expect(book?.recent[0]).not.toEqual(first);
    });
  });
});
