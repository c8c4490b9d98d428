import type { RouteRecord } from "./operations-record.ts";

/** The statuses with which a server says that it does not have a route. */
const UNSERVED: ReadonlySet<string> = new Set(["404", "405", "501"]);

/**
 * `POST /api/orders returned 404 in 38 of 38: the platform does not serve it`, a line for each kind of failure.
 */
export function describeRouteFailures(routes: readonly RouteRecord[]): readonly string[] {
  return routes.flatMap(({ route, total, failures }) =>
    failures.map(({ reason, count }) => {
      const status = reason.split(" ", 1)[0] ?? "";
      const isUnserved = count === total && UNSERVED.has(status);
      return `${route} returned ${reason} in ${count} of ${total}${isUnserved ? ": the platform does not serve it" : ""}`;
    }),
  );
}
