import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { readPlatformDefinition, SPARK_DEFINITION } from "../../definition/index.ts";
import type { Lab } from "../../lab/index.ts";
import { soundLoad } from "../judging/outcome-fixture.ts";
import { RecordedClients } from "./recorded-clients.ts";

/** Clients of a server that answers orders with `status`, and what it was sent. */
async function clientsOf(status: number) {
  const received: string[] = [];
  const server = createServer((request, response) => {
    request.resume();
    received.push(`${request.method} ${request.url} ${request.headers["idempotency-key"] ?? "-"}`);
    const order = { id: "7", clientOrderId: "sp-7", status: "FILLED", executedQuantity: "0.00103" };
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(order));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const lab = {
    addresses: { api: `http://127.0.0.1:${port}` },
    driver: () => Promise.resolve(null),
    symbols: ["ETHUSDT"],
  };
  const platform = await readPlatformDefinition(SPARK_DEFINITION);
  const clients = new RecordedClients({
    lab: lab as unknown as Pick<Lab, "addresses" | "driver" | "symbols">,
    platform,
    now: () => 1_500,
  });
  const close = async () => {
    await clients[Symbol.asyncDispose]();
    server.closeAllConnections();
    server.close();
  };
  return { clients, received, [Symbol.asyncDispose]: close };
}

describe("the clients of a scenario's faults", () => {
  it("are part of the history: each request of a key is an operation with what it was answered", async () => {
    await using open = await clientsOf(201);
    expect(await open.clients.placeAtOnce("binance", 3)).toBe(3);
    expect(new Set(open.received).size).toBe(1);
    const { operations } = open.clients.addedTo(soundLoad([]));
    expect(operations.map(({ id }) => id)).toEqual([1, 2, 3]);
    expect(new Set(operations.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
    expect(operations[0]).toMatchObject({
      ...{ kind: "place", outcome: "succeeded", httpStatus: 201, orderId: "7", startedAtMs: 1_500 },
      request: { order: { venue: "binance", symbol: "ETHUSDT", quantity: "0.00103" } },
    });
  });

  it("draw a new key for each order", async () => {
    await using open = await clientsOf(201);
    await open.clients.placeAtOnce("binance", 1);
    await open.clients.placeAtOnce("binance", 1);
    expect(new Set(open.received).size).toBe(2);
  });

  it("send reports that are no operations, but are counted among the requests", async () => {
    await using open = await clientsOf(204);
    expect(await open.clients.report("/api/csp-report", "made-up-1")).toBe(true);
    const load = open.clients.addedTo(soundLoad([]));
    expect(load.operations).toEqual([]);
    expect(load.unrecordedRequests).toBe(soundLoad([]).unrecordedRequests + 1);
    expect(open.received).toEqual(["POST /api/csp-report -"]);
  });
});
