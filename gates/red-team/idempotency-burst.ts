import { z } from "zod";
import { requestHttp } from "../../network/index.ts";
import { defineCheck } from "../engine/check.ts";
import { sendOrders, settledOrders } from "./lab-orders.ts";
import { racingKeys } from "./racing-keys.ts";

const KEYS = 8;
const REQUESTS_EACH = 25;
const QUANTITY = "0.00100";
const venueOrders = z.array(z.object({ clientOrderId: z.string() }));

/** Is one key one order, whatever number of clients use it at once? */
export const idempotencyBurst = defineCheck({
  id: "idempotency-burst",
  title: "11. Burst of one idempotency key",
  question: "Is exactly one order sent for a key that many requests bring at the same moment?",
  risk: "A client that retries at once buys twice, and the second order is real money.",
  command: `seq ${REQUESTS_EACH} | xargs -P ${REQUESTS_EACH} -I{} curl -s -X POST "$TARGET/api/orders" -H 'idempotency-key: burst-1' -H 'content-type: application/json' -d '{"venue":"binance","symbol":"BTCUSDT","side":"buy","type":"market","quantity":"${QUANTITY}"}'`,
  passes: `${KEYS} keys with ${REQUESTS_EACH} requests at once each make ${KEYS} orders, in the database and in the venue's own books, and no answer is 5xx`,
  fix: "Claim the key by one INSERT … ON CONFLICT DO NOTHING before the venue is called; let the others wait for its answer.",
  evidence: ["idempotency_burst_test.txt"],
  deadlineMs: 60_000,
  maxAgeMs: 120_000,
  needs: ["lab"],
  mutant: racingKeys,
  observe: async ({ lab }, context) => {
    const asOfMs = context.clock.nowMs();
    const account = `red-team-burst-${asOfMs}`;
    const keys = Array.from({ length: KEYS }, (_, index) => `${account}-${index}`);
    // One key after the other: all requests of a key must meet.
    const statuses: number[] = [];
    for (const key of keys) {
      const requests = Array.from({ length: REQUESTS_EACH }, () => ({ account, key, quantity: QUANTITY }));
      statuses.push(...(await sendOrders(lab, requests, context, REQUESTS_EACH)));
    }
    const stored = await settledOrders(lab, account, context);
    const ids = new Set(stored.map((row) => row.client_order_id ?? ""));
    const { text } = await requestHttp(`${lab.venueControl}/venues/binance/orders`, {
      signal: context.signal,
    });
    const received = venueOrders
      .parse(JSON.parse(text))
      .filter(({ clientOrderId }) => ids.has(clientOrderId));
    const failed = statuses.filter((status) => status >= 500).length;
    const counts = [...Map.groupBy(statuses, (status) => status)].map(
      ([status, { length }]) => `${status}: ${length}`,
    );
    return {
      expected: keys,
      examined: stored.map((row) => row.idempotency_key ?? ""),
      acts: [{ what: "requests", asked: KEYS * REQUESTS_EACH, happened: statuses.length }],
      asOfMs,
      violations: [
        ...(stored.length > KEYS ? [`${KEYS} keys made ${stored.length} orders in the database`] : []),
        ...(received.length > KEYS ? [`${KEYS} keys made ${received.length} orders at the venue`] : []),
        ...(failed > 0 ? [`${failed} of ${statuses.length} requests are answered 5xx`] : []),
      ],
      unclear: received.length < KEYS ? [`only ${received.length} of ${KEYS} orders reached the venue`] : [],
      summary: `${statuses.length} requests, ${stored.length} orders stored, ${received.length} at the venue`,
      texts: [
        [
          `keys              ${KEYS}, ${REQUESTS_EACH} requests at once each`,
          `answers           ${counts.join(", ")}`,
          `orders stored     ${stored.length}`,
          `orders at venue   ${received.length}`,
          ...stored.map((row) => `  ${row.idempotency_key}  ${row.client_order_id}  ${row.status}`),
          "",
        ].join("\n"),
      ],
    };
  },
});
