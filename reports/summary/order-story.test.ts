import { expect, it } from "vitest";
import type { OrderRecord, ScenarioRecord } from "../../evidence/index.ts";
import { fixtureRun } from "../testing/run-fixture.ts";
import { orderStory } from "./order-story.ts";

const sides = {
  platform: { orderId: "o", clientOrderId: "c", status: "FILLED", executedQuantity: "1", fills: 1 },
  atVenue: {
    ...{ orderId: "7", clientOrderId: "c", status: "FILLED", executedQuantity: "1", trades: 1 },
    matchedBy: "client order id" as const,
  },
};

const order = (change: Partial<OrderRecord>): OrderRecord => ({
  ...{ id: "binance c", standing: "differs", venue: "binance", symbol: "BTCUSDT", side: "buy" },
  ...{ quantity: "1", price: null, idempotencyKey: null, steps: [] },
  ...{ platform: sides.platform, venueOrders: [sides.atVenue] },
  ...change,
});

const storyOf = (listed: readonly OrderRecord[], change: Partial<ScenarioRecord> = {}) => {
  const [scenario] = fixtureRun().scenarios;
  if (scenario === undefined) throw new TypeError("Expected a scenario in the fixture.");
  return orderStory({ ...scenario, faults: [], ...change, orders: { listed, omitted: 0 } });
};

it("states how many orders were placed more than once, and under which faults", () => {
  const [fault] = fixtureRun().scenarios.flatMap(({ faults }) => faults);
  if (fault === undefined) throw new TypeError("Expected a fault in the fixture.");
  const twice = order({ venueOrders: [sides.atVenue, sides.atVenue] });
  const faults = [{ ...fault, label: "silence on binance-rest" }];
  expect(storyOf([twice, twice], { faults })).toBe(
    "2 orders were placed more than once, under silence on binance-rest",
  );
});

it("states each kind of difference once, worst first", () => {
  const listed = [
    order({}),
    order({ venueOrders: [] }),
    order({ platform: null }),
    order({ standing: "unanswered" }),
  ];
  expect(storyOf(listed)).toBe(
    "1 order at a venue is missing in the platform's books, " +
      "and 1 order was booked as executed but never reached a venue, " +
      "and 1 order has other executions in the books than at the venue",
  );
});

it("is empty when all sides agree", () => {
  expect(storyOf([order({ standing: "under-fault" })])).toBeNull();
});
