import { describe, expect, it } from "vitest";
import { placement, soundState } from "../invariants/final-state-fixture.ts";
import { serve } from "../testing/http-page.ts";
import { SPARK_API, sparkAt } from "../testing/spark-api.ts";
import { readApiView } from "./api-view.ts";

describe("what the API returns", () => {
  const order = { id: "order-1", symbol: "BTCUSDT", side: "buy", status: "FILLED", executedQuantity: "0.01" };
  const read = async (positions: unknown) => {
    await using page = await serve((request, response) => {
      const found = request.url === "/api/orders/order-1" ? order : undefined;
      if (request.url?.startsWith("/api/positions")) return response.end(JSON.stringify({ positions }));
      return response.writeHead(found === undefined ? 404 : 200).end(JSON.stringify(found ?? {}));
    });
    const { ledger } = soundState();
    return await readApiView(sparkAt(page.url), SPARK_API, ledger, [
      placement({}),
      placement({ id: 2, orderId: "order-2" }),
    ]);
  };

  it("is read for each order that clients know and each account with a position", async () => {
    const view = await read([{ symbol: "BTCUSDT", quantity: "0.00999" }]);
    const { id: _, ...displayed } = order;
    expect(view.orders.get("order-1")).toEqual({ kind: "read", value: displayed });
    expect(view.orders.get("order-2")).toEqual({ kind: "unreadable", why: "HTTP 404" });
    expect(view.positions.get("default")).toMatchObject({ kind: "read", value: [{ quantity: "0.00999" }] });
  });

  it("is unanswered, and not unreadable, where no answer comes", async () => {
    const nobody = sparkAt("http://127.0.0.1:1");
    const { orders } = await readApiView(nobody, SPARK_API, soundState().ledger, [placement({})]);
    expect(orders.get("order-1")).toMatchObject({ kind: "unanswered" });
  });

  it("cannot be read when an amount is a number, because digits may be lost", async () => {
    const view = await read([{ symbol: "BTCUSDT", quantity: 0.00999 }]);
    expect(view.positions.get("default")).toMatchObject({
      kind: "unreadable",
      why: expect.stringContaining("expected decimal text, not a number"),
    });
  });
});
