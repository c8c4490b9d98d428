import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** A server on loopback that answers like Prometheus's HTTP API. */
export interface StartedPrometheus extends AsyncDisposable {
  readonly url: string;
}

/** A query that contains one of these words returns that number; any other query returns nothing. */
export async function startPrometheus(behavior: {
  readonly answers: readonly (readonly [word: string, value: number])[];
  readonly alerts?: readonly {
    readonly alertname: string;
    readonly severity: string;
    readonly state: string;
  }[];
}): Promise<StartedPrometheus> {
  const { answers, alerts = [] } = behavior;
  const dataOf = (path: string | undefined, query: string) => {
    if (path === "/api/v1/alerts") {
      const activeAt = "2025-06-01T12:00:00.123456789Z";
      return { alerts: alerts.map(({ state, ...labels }) => ({ labels, state, activeAt, value: "1e+00" })) };
    }
    const value = answers.find(([word]) => query.includes(word))?.[1];
    const result = value === undefined ? [] : [{ metric: {}, value: [1_748_779_200, String(value)] }];
    return { resultType: "vector", result };
  };
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const query = new URLSearchParams(body).get("query") ?? "";
      response.end(JSON.stringify({ status: "success", data: dataOf(request.url, query) }));
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      if (!server.listening) return;
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
