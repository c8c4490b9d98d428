import { API_SCHEMA, type ApiDefinition } from "../../api/index.ts";

const ORDER = {
  id: "id",
  clientOrderId: "clientOrderId",
  status: "status",
  executedQuantity: "executedQuantity",
  error: "error",
};

/** How the fake platform's API is spoken. */
export const FAKE_API: ApiDefinition = API_SCHEMA.parse({
  place: {
    path: "/api/orders",
    headers: { "Idempotency-Key": "{key}" },
    body: {
      ...{ venue: "venue", symbol: "symbol", side: "side", type: "type" },
      ...{ quantity: "quantity", price: "price" },
    },
    answer: ORDER,
  },
  query: { path: "/api/orders/{id}", answer: ORDER },
  cancel: { path: "/api/orders/{id}", answer: ORDER },
  positions: { path: "/api/positions", answer: { error: "error" } },
  quote: { path: "/api/quotes/{venue}/{symbol}", answer: { bid: "bid", ask: "ask", error: "error" } },
  quoteStream: {
    path: "/ws/quotes",
    quote: 'type = "quote" ? { "venue": venue, "symbol": symbol, "bid": bid, "ask": ask }',
    ping: '{ "type": "ping", "id": id }',
    pong: 'type = "pong" ? id',
  },
  refusals: [422, 423],
});
