import type { RouteRecord } from "../../evidence/index.ts";
import type { Operation } from "../../load/index.ts";

/**
 * How often each route of the platform was called, and its failures by kind, the most frequent first. Ids in
 * paths are written as `:id`.
 */
export function routeFailures(operations: readonly Operation[]): readonly RouteRecord[] {
  const sent = operations.filter(({ outcome }) => outcome !== "dropped");
  return [...Map.groupBy(sent, routeOf)].map(([route, its]) => {
    const failed = its.filter(({ outcome }) => outcome === "failed" || outcome === "unknown");
    const failures = [...Map.groupBy(failed, reasonOf)].map(([reason, each]) => ({
      reason,
      count: each.length,
    }));
    return { route, total: its.length, failures: failures.toSorted((a, b) => b.count - a.count) };
  });
}

function routeOf({ request, orderId, clientOrderId }: Operation): string {
  const path = request.path.split("?", 1)[0] ?? "";
  const named = path
    .split("/")
    .map((part) => (part !== "" && (part === orderId || part === clientOrderId) ? ":id" : part));
  return `${request.method} ${named.join("/")}`;
}

function reasonOf({ httpStatus, error }: Operation): string {
  if (httpStatus === null) return `no answer (${error ?? "reason not known"})`;
  // Without an error code of the platform, the client names the error after the status.
  return error === null || error === `http-${httpStatus}` ? String(httpStatus) : `${httpStatus} ${error}`;
}
