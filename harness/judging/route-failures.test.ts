import { expect, it } from "vitest";
import { placement } from "../invariants/final-state-fixture.ts";
import { routeFailures } from "./route-failures.ts";

it("counts calls and failures by route, with ids in paths left out", () => {
  const get = { method: "GET", path: "/api/orders/order-1?account=a", order: null };
  const operations = [
    placement({}),
    placement({ outcome: "failed", httpStatus: 503, error: "venue_unavailable" }),
    placement({ outcome: "unknown", httpStatus: null, error: "timeout" }),
    placement({ outcome: "unknown", httpStatus: null, error: "timeout" }),
    placement({ outcome: "rejected", httpStatus: 422, error: "risk_block" }),
    placement({ kind: "query", request: get, outcome: "failed", httpStatus: 404, error: null }),
    placement({ outcome: "dropped", httpStatus: null }),
  ];
  expect(routeFailures(operations)).toEqual([
    {
      route: "POST /api/orders",
      total: 5,
      failures: [
        { reason: "no answer (timeout)", count: 2 },
        { reason: "503 venue_unavailable", count: 1 },
      ],
    },
    { route: "GET /api/orders/:id", total: 1, failures: [{ reason: "404", count: 1 }] },
  ]);
});
