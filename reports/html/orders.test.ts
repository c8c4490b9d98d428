import { describe, expect, it } from "vitest";
import type { CheckRecord, OrderRecord, ScenarioRecord } from "../../evidence/index.ts";
import { fixtureRun } from "../testing/run-fixture.ts";
import { checks } from "./checks.ts";
import { orderLinks, orders } from "./orders.ts";

const order = (change: Partial<OrderRecord>): OrderRecord => ({
  id: "binance client-1",
  standing: "differs",
  ...{ venue: "binance", symbol: "BTCUSDT", side: "buy", quantity: "0.01", price: "61837.64" },
  idempotencyKey: "key-1",
  steps: [
    { atMs: 7_214.4, endMs: 9_214.4, actor: "client", text: "POST /api/orders → no answer: timeout" },
    { atMs: 7_100, endMs: 11_000, actor: "fault", text: "replies lost on binance-rest" },
  ],
  platform: {
    ...{ orderId: "o-1", clientOrderId: "client-1", status: "FILLED", executedQuantity: "0.01", fills: 1 },
  },
  venueOrders: [venueOrder("client-1", "client order id"), venueOrder("client-1-r", "content")],
  ...change,
});

const venueOrder = (clientOrderId: string, matchedBy: "client order id" | "content") => ({
  ...{ orderId: "7", clientOrderId, status: "FILLED", executedQuantity: "0.01", trades: 1, matchedBy },
});

const scenarioWith = (listed: readonly OrderRecord[], omitted = 0): ScenarioRecord => {
  const [scenario] = fixtureRun().scenarios;
  if (scenario === undefined) throw new TypeError("Expected a scenario in the fixture.");
  return { ...scenario, orders: { listed, omitted } };
};

describe("the histories of orders in a report", () => {
  it("are omitted when there are none", () => {
    expect(orders(scenarioWith([]), "s1").html).toBe("");
  });

  it("show an order that was sent again with its original", () => {
    const { html } = orders(scenarioWith([order({})]), "s1");
    expect(html).toContain("2 orders at binance");
    expect(html).toContain("7.214 s");
    expect(html).toContain("2000 ms");
    expect(html).toContain("client order id client-1-r; unknown to the platform");
  });

  it("state that the books or the venue lack an order", () => {
    expect(orders(scenarioWith([order({ venueOrders: [] })]), "s1").html).toContain("no such order");
    const unknown = order({ platform: null, venueOrders: [venueOrder("client-1", "client order id")] });
    expect(orders(scenarioWith([unknown]), "s1").html).toContain("FILLED at binance, not in the books");
  });

  it("count those that are not shown", () => {
    const many = Array.from({ length: 30 }, (_, index) =>
      order({ id: `binance c-${index}`, standing: "undisturbed" }),
    );
    const { html } = orders(scenarioWith(many, 12), "s1");
    expect(html.match(/class="order"/g)).toHaveLength(25);
    expect(html).toContain("5 more orders of this kind");
    expect(html).toContain("12 further orders");
  });

  it("are linked from the checks that failed because of them", () => {
    const scenario = scenarioWith([order({})]);
    const check: CheckRecord = {
      ...{ kind: "invariant", name: "no-duplicate-orders", basis: "count", verdict: "fail" },
      ...{ expected: "one", received: "two", judgedBy: { count: 2, noun: "venue order" } },
      orders: ["client-1-r", "not-listed"],
    };
    const { html } = checks([check], orderLinks(scenario, "s1"));
    expect(html).toContain('<a href="#s1-order-binance-client-1"><code>client-1-r</code></a>');
    expect(html).not.toContain("not-listed");
    expect(orders(scenario, "s1").html).toContain('id="s1-order-binance-client-1"');
  });
});
