import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** A Prometheus on loopback that answers as a test says. */
export interface AnsweringPrometheus extends AsyncDisposable {
  readonly url: string;
}

/**
 * Starts it.
 *
 * @param valuesOf The values of the series that a query has, as Prometheus writes them.
 */
export async function startAnsweringPrometheus(
  valuesOf: (query: string) => readonly string[],
  warnings: readonly string[] = [],
): Promise<AnsweringPrometheus> {
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const values = valuesOf(new URLSearchParams(body).get("query") ?? "");
      const result = values.map((value, index) => ({ metric: { pod: String(index) }, value: [0, value] }));
      response.end(JSON.stringify({ status: "success", data: { resultType: "vector", result }, warnings }));
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
