import { type HttpClient, MappedApi } from "../../api/index.ts";
import type { LoadPlan } from "../load-plan.ts";
import { createOrderFlow } from "./order-flow.ts";
import { createPlainRequests } from "./plain-requests.ts";
import type { Workload } from "./workload.ts";

/** Creates the clients of a plan. */
export function createWorkload(plan: LoadPlan, keyPrefix: string, client: HttpClient): Workload {
  const { workload, baseUrl, allowedHosts, seed, api: definition } = plan;
  switch (workload.kind) {
    case "order-flow": {
      if (definition === null) throw new TypeError("Expected the API of a plan of orders, got none.");
      const api = new MappedApi(definition, client);
      return createOrderFlow(workload, { baseUrl, allowedHosts, seed, keyPrefix, definition, api });
    }
    case "request":
      return createPlainRequests(workload, client);
  }
}
