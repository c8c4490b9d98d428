import type { Provider } from "../matching/pact-file.ts";
import type { VenueClient } from "./venue-client.ts";

/** An id that no order has. */
const NO_ORDER = "1";
const SYMBOL = "BTCUSDT";
const CLIENT_ORDER_ID = "k-1";

/**
 * The platform's day at a venue, with every call of its pact at least once, so that each misbehavior can take
 * effect.
 */
export const TRADING_DAYS: Readonly<Record<Provider, (client: VenueClient) => Promise<void>>> = {
  "binance-spot": async (client) => {
    const timed = { recvWindow: "5000", timestamp: "0" };
    const order = { symbol: SYMBOL, side: "BUY", newClientOrderId: CLIENT_ORDER_ID, ...timed };
    const byClientId = { symbol: SYMBOL, origClientOrderId: CLIENT_ORDER_ID, ...timed };
    await client.call("GET", "/api/v3/time", {});
    // Fewer levels than the platform requests, since all have the same format.
    await client.call("GET", "/api/v3/depth", { symbol: SYMBOL, limit: "20" });
    // Not a multiple of 0.1, but of 0.01.
    const limit = { type: "LIMIT", timeInForce: "GTC", price: "30000.01", quantity: "0.004" };
    await client.call("POST", "/api/v3/order", { ...order, ...limit, newOrderRespType: "FULL" });
    await client.call("GET", "/api/v3/order", byClientId);
    await client.call("GET", "/api/v3/openOrders", { symbol: SYMBOL, ...timed });
    await client.call("DELETE", "/api/v3/order", byClientId);
    const market = { type: "MARKET", quantity: "0.001", newOrderRespType: "FULL" };
    const { orderId } = await client.call("POST", "/api/v3/order", { ...order, ...market });
    const id = orderId === undefined ? NO_ORDER : String(orderId);
    await client.call("GET", "/api/v3/myTrades", { symbol: SYMBOL, orderId: id, ...timed });
  },
  btcturk: async (client) => {
    const place = async (fields: object): Promise<string> => {
      const common = { newOrderClientId: CLIENT_ORDER_ID, orderType: "buy", pairSymbol: SYMBOL };
      const { data } = await client.call("POST", "/api/v1/order", {}, { ...common, ...fields });
      return idIn(data);
    };
    const limit = { orderMethod: "limit", price: "30000" };
    const resting = await place({ ...limit, quantity: "0.001" });
    await client.call("GET", `/api/v1/order/${resting}`, {});
    await client.call("GET", "/api/v1/openOrders", { pairSymbol: SYMBOL });
    await client.call("DELETE", "/api/v1/order", { id: resting });
    const filled = await place({ orderMethod: "market", quantity: "100" });
    await client.call("GET", "/api/v1/users/transactions/trade", { orderId: filled });
    // Most of the balance, twice: the second time with what the first one has left free.
    const large = await place({ ...limit, quantity: "33" });
    await client.call("DELETE", "/api/v1/order", { id: large });
    await place({ ...limit, quantity: "33" });
  },
};

function idIn(data: unknown): string {
  const isRow = typeof data === "object" && data !== null && "id" in data;
  return isRow ? String(data.id) : NO_ORDER;
}
