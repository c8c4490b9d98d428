import { type HttpClient, openApi } from "../../api/index.ts";
import type { LoadPlan } from "../load-plan.ts";
import { createOrderFlow } from "./order-flow.ts";
import { createPlainRequests } from "./plain-requests.ts";
import type { Workload } from "./workload.ts";

/**
 * Creates the clients of a plan.
 *
 * @throws UnavailableError `driver-not-ready` when the driver of the platform's API does not start.
 */
export async function createWorkload(
  plan: LoadPlan,
  keyPrefix: string,
  client: HttpClient,
): Promise<Workload> {
  const { workload, baseUrl, allowedHosts, seed, api: definition, driver, timeoutMs } = plan;
  switch (workload.kind) {
    case "order-flow": {
      if (definition === null) throw new TypeError("Expected the API of a plan of orders, got none.");
      const api = await openApi(definition, { client, driver, timeoutMs });
      return createOrderFlow(workload, { baseUrl, allowedHosts, seed, keyPrefix, definition, api });
    }
    case "request":
      return createPlainRequests(workload, client);
  }
}
