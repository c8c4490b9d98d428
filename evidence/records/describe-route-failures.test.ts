import { expect, it } from "vitest";
import { describeRouteFailures } from "./describe-route-failures.ts";

it("reports that a route is not served when each call of it was not found", () => {
  const failures = [{ reason: "404 not_found", count: 38 }];
  expect(describeRouteFailures([{ route: "POST /api/orders", total: 38, failures }])).toEqual([
    "POST /api/orders returned 404 not_found in 38 of 38: the platform does not serve it",
  ]);
});

it("counts each kind of failure of a route, and omits routes without failures", () => {
  const failures = [
    { reason: "503 venue_unavailable", count: 5 },
    { reason: "404 not_found", count: 1 },
  ];
  const routes = [
    { route: "GET /api/orders/:id", total: 12, failures },
    { route: "GET /api/positions", total: 3, failures: [] },
  ];
  expect(describeRouteFailures(routes)).toEqual([
    "GET /api/orders/:id returned 503 venue_unavailable in 5 of 12",
    "GET /api/orders/:id returned 404 not_found in 1 of 12",
  ]);
});
