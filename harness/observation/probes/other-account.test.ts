import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { placement } from "../../invariants/final-state-fixture.ts";
import { serve } from "../../testing/http-page.ts";
import { SPARK_API, sparkAt } from "../../testing/spark-api.ts";
import { placeForOtherAccount } from "./other-account.ts";

describe("an order for another account", () => {
  it("is placed where the clients trade, and identified by the platform's id", async () => {
    const seen: unknown[] = [];
    await using page = await serve(async (request, response) => {
      seen.push(JSON.parse(await text(request)));
      response.writeHead(201).end(JSON.stringify({ id: "order-7" }));
    });
    expect(await placeForOtherAccount(sparkAt(page.url), SPARK_API, [placement({})])).toEqual({
      orderId: "order-7",
      accountId: "kanit-other",
    });
    expect(seen).toMatchObject([{ accountId: "kanit-other", venue: "binance", symbol: "BTCUSDT" }]);
  });

  it("is not requested of a platform without accounts", async () => {
    const noAccounts = { accounts: false };
    expect(await placeForOtherAccount(sparkAt("http://127.0.0.1:1"), noAccounts, [placement({})])).toBeNull();
  });

  it("is not placed when the platform has no accounts, does not answer, or nobody trades", async () => {
    await using page = await serve((_request, response) => response.writeHead(400).end("{}"));
    expect(await placeForOtherAccount(sparkAt(page.url), SPARK_API, [placement({})])).toBeNull();
    expect(await placeForOtherAccount(sparkAt("http://127.0.0.1:1"), SPARK_API, [placement({})])).toBeNull();
    expect(await placeForOtherAccount(sparkAt(page.url), SPARK_API, [])).toBeNull();
  });
});
