import type { HttpClient } from "../http/exchange.ts";
import type { LoadPlan } from "../load-plan.ts";
import { createOrderFlow } from "./order-flow.ts";
import { createPlainRequests } from "./plain-requests.ts";
import type { Workload } from "./workload.ts";

/** Creates the clients of a plan. */
export function createWorkload(plan: LoadPlan, keyPrefix: string, client: HttpClient): Workload {
  const { workload, baseUrl, allowedHosts, seed } = plan;
  switch (workload.kind) {
    case "order-flow":
      return createOrderFlow(workload, { baseUrl, allowedHosts, seed, keyPrefix, client });
    case "request":
      return createPlainRequests(workload);
  }
}
