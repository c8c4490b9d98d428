import type { FastifyInstance } from "fastify";
import type { Defects } from "../defects.ts";
import type { KnownRoute, Metrics } from "../metrics.ts";

/** Every route and each status that it can answer. */
const ROUTES: readonly KnownRoute[] = [
  { method: "POST", route: "/api/orders", statuses: [201, 202, 400, 409, 422, 423, 500, 503] },
  { method: "GET", route: "/api/orders/:id", statuses: [200, 404, 500, 503] },
  { method: "DELETE", route: "/api/orders/:id", statuses: [200, 202, 404, 409, 500, 503] },
  { method: "GET", route: "/api/positions", statuses: [200, 500, 503] },
  { method: "GET", route: "/api/quotes/:venue/:symbol", statuses: [200, 503] },
  { method: "GET", route: "/api/healthz", statuses: [200, 503] },
  { method: "GET", route: "/api/features/status", statuses: [200] },
  { method: "POST", route: "/api/tools/kill-switch", statuses: [200] },
  { method: "POST", route: "/api/csp-report", statuses: [204] },
  { method: "GET", route: "/", statuses: [200] },
  { method: "GET", route: "/dashboard", statuses: [200] },
  { method: "GET", route: "/metrics", statuses: [200] },
];

/** Counts and times every request under its route's template, so that the number of series stays small. */
export function addRequestMetrics(server: FastifyInstance, metrics: Metrics, defects: Defects): void {
  for (const route of ROUTES) metrics.declareRoute(route);
  let answered = 0;
  server.addHook("onResponse", async (request, reply) => {
    answered += 1;
    if (defects.has("half-counted") && answered % 2 === 0) return; // DEFECT half-counted
    const labels = {
      method: request.method,
      route: request.routeOptions.url ?? "unmatched",
      status: String(reply.statusCode),
    };
    metrics.httpRequests.inc(labels);
    metrics.httpDuration.observe(labels, reply.elapsedTime / 1_000);
  });
}
