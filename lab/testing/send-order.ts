/** Sends one small market order to the platform at `api`, and returns the status of the answer. */
export async function sendOrder(api: string): Promise<number> {
  const response = await fetch(`${api}/api/orders`, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": crypto.randomUUID() },
    body: JSON.stringify({
      venue: "binance",
      symbol: "BTCUSDT",
      side: "buy",
      type: "market",
      quantity: "0.001",
    }),
  });
  await response.body?.cancel();
  return response.status;
}
