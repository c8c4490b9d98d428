import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import type { OrderRequest } from "../../../api/index.ts";
import { placement, soundState } from "../../invariants/final-state-fixture.ts";
import { refusalsStand } from "../../invariants/refusals-stand.ts";
import { serve } from "../../testing/http-page.ts";
import { SPARK_API, sparkAt } from "../../testing/spark-api.ts";
import { askForRefusals, type RefusalProbe } from "./ask-for-refusals.ts";

const ORDER: OrderRequest = {
  ...{ venue: "binance", symbol: "BTCUSDT", side: "sell", type: "limit" },
  ...{ quantity: "0.01", price: "61837.64" },
};
const PLACED = placement({ request: { method: "POST", path: "/api/orders", order: ORDER } });

interface Rules {
  readonly maxQuantity: number;
  readonly maxPrice: number;
  readonly comparesKeys: boolean;
  readonly heedsKillSwitch: boolean;
  readonly hasKillSwitch: boolean;
  readonly switchFails: boolean;
}

/** A platform that refuses what these rules say. */
async function platform(change: Partial<Rules> = {}) {
  const rules: Rules = {
    ...{ maxQuantity: 10, maxPrice: 100_000, comparesKeys: true, heedsKillSwitch: true, hasKillSwitch: true },
    switchFails: false,
    ...change,
  };
  let isOn = true;
  const page = await serve(async (request, response) => {
    const body = await text(request);
    const answer = (status: number, error?: string) =>
      response.writeHead(status).end(JSON.stringify({ error }));
    const url = new URL(request.url ?? "/", "http://platform");
    if (url.pathname === "/api/tools/kill-switch") {
      if (!rules.hasKillSwitch) return answer(404, "not_found");
      if (rules.switchFails) return answer(503);
      isOn = url.searchParams.get("enable") === "true";
      return answer(200);
    }
    const { quantity, price } = JSON.parse(body) as { quantity: string; price: string };
    if (!isOn && rules.heedsKillSwitch) return answer(423, "execution_disabled");
    if (request.headers["idempotency-key"] === "key-1" && rules.comparesKeys)
      return answer(409, "idempotency_conflict");
    const beyond = Number(quantity) > rules.maxQuantity || Number(price) > rules.maxPrice;
    return beyond ? answer(422, "risk_block") : answer(201);
  });
  return { url: page.url, isOn: () => isOn, [Symbol.asyncDispose]: () => page[Symbol.asyncDispose]() };
}

const judge = (refusals: readonly RefusalProbe[]) => refusalsStand.check({ ...soundState(), refusals });

async function judged(rules: Partial<Rules>) {
  await using target = await platform(rules);
  return judge(await askForRefusals(sparkAt(target.url), SPARK_API, [PLACED]));
}

describe("what must be refused", () => {
  it("passes when all of it is refused, and leaves execution enabled", async () => {
    await using target = await platform();
    const probes = await askForRefusals(sparkAt(target.url), SPARK_API, [PLACED]);
    expect(judge(probes)).toMatchObject({ verdict: "pass", received: "4 of 4 refused" });
    expect(target.isOn()).toBe(true);
  });

  it.each([
    [
      { maxQuantity: Number.POSITIVE_INFINITY },
      "an order of a million bitcoins was answered 201, not risk_block",
    ],
    [
      { maxPrice: Number.POSITIVE_INFINITY },
      "a price ten times the market's was answered 201, not risk_block",
    ],
    [{ comparesKeys: false }, "a key of another order was answered 201, not idempotency_conflict"],
    [
      { heedsKillSwitch: false },
      "an order while execution is switched off was answered 201, not execution_disabled",
    ],
  ])("fails when %j", async (rules, received) => {
    expect(await judged(rules)).toMatchObject({ verdict: "fail", received });
  });

  it("does not test a missing kill switch", async () => {
    expect(await judged({ hasKillSwitch: false })).toMatchObject({
      verdict: "pass",
      received: "3 of 3 refused",
    });
  });

  it("is inconclusive when the kill switch did not answer, whatever became of an order then", async () => {
    const { verdict, received } = await judged({ switchFails: true });
    expect({ verdict, received }).toEqual({
      verdict: "inconclusive",
      received: "an order while execution is switched off: the switch did not answer (503)",
    });
  });

  it("is inconclusive when the platform does not answer, or nothing was ever accepted", async () => {
    const probes = await askForRefusals(sparkAt("http://127.0.0.1:1"), SPARK_API, [PLACED]);
    expect(judge(probes)).toMatchObject({ verdict: "inconclusive" });
    expect(judge(await askForRefusals(sparkAt("http://127.0.0.1:1"), SPARK_API, []))).toMatchObject({
      verdict: "inconclusive",
    });
  });
});
