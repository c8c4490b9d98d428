import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** What all replicas share: the store of the switch. */
export interface FakeStore {
  canaryEnabled: boolean;
}

/** How a replica behaves. */
export interface FakeReplicaOptions {
  readonly arm: "canary" | "stable";
  readonly store: FakeStore;
  /** How many orders it still executes after a stop, as with a cache. */
  readonly executesAfterStop: number;
  /** The status of orders in place of its own; null: its own. */
  readonly orderStatus: number | null;
  /** The status of its kill switch and its flags: 404 where it has none. */
  readonly switchStatus: number;
}

/** A platform's replica on loopback that knows orders and the kill switch only. */
export interface FakeReplica extends AsyncDisposable {
  readonly url: URL;
  /** The requests to its kill switch: path, actor and reason. */
  readonly uses: readonly string[];
}

/** Starts it. */
export async function startFakeReplica({
  arm,
  store,
  executesAfterStop,
  orderStatus,
  switchStatus,
}: FakeReplicaOptions): Promise<FakeReplica> {
  const uses: string[] = [];
  let leftAfterStop = executesAfterStop;
  const place = (): number => {
    if (orderStatus !== null) return orderStatus;
    if (arm === "stable" || store.canaryEnabled) return 201;
    leftAfterStop -= 1;
    return leftAfterStop >= 0 ? 201 : 423;
  };
  const server = createServer((request, response) => {
    request.resume();
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    const answer = (status: number, body: object) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    switch (url.pathname) {
      case "/api/orders":
        return answer(place(), {});
      case "/api/features/status":
        return answer(switchStatus, { execution: { enabled: arm === "stable" || store.canaryEnabled } });
      case "/api/tools/kill-switch":
        uses.push(`${url.search} ${request.headers["x-actor"]} ${request.headers["x-reason"]}`);
        if (url.searchParams.get("dry_run") !== "true")
          store.canaryEnabled = url.searchParams.get("enable") === "true";
        return answer(switchStatus, { dryRun: url.searchParams.get("dry_run") === "true" });
      default:
        return answer(404, {});
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    uses,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
