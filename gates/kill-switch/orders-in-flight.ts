import { z } from "zod";
import { FaultProxyClient } from "../../chaos/index.ts";
import { requestHttp } from "../../network/index.ts";
import { defineCheck, type ProbeContext } from "../engine/check.ts";
import { queryRows, type TextRow } from "../engine/sql.ts";
import { sendOrders, settledOrders } from "../red-team/lab-orders.ts";
import { defectivePlatform } from "./defective-platform.ts";
import { useKillSwitch } from "./kill-switch-api.ts";
import type { KillSwitchPart } from "./kill-switch-part.ts";
import { takeTurn } from "./switch-turn.ts";

const ORDERS = 10;
const QUANTITY = "0.00100";
/** Less than a platform waits for its venue, and long enough to stop trading meanwhile. */
const VENUE_LATENCY_MS = 600;
const PROXY_DEADLINE_MS = 5_000;
const FAULT_AT_MOST_MS = 60_000;
const POLL_MS = 10;
const venueOrders = z.array(z.object({ clientOrderId: z.string(), executedQuantity: z.string() }));

/** What became of the orders that were on their way when trading stopped. */
interface Flight {
  /** Those that were at the venue, or on the way there, when the switch had answered. */
  readonly inFlight: number;
  readonly statuses: readonly number[];
  readonly stored: readonly TextRow[];
  readonly atVenue: z.infer<typeof venueOrders>;
}

/** What happens with orders that are on their way? */
export const ordersInFlight = defineCheck({
  id: "kill-switch-in-flight",
  title: "Orders in flight",
  question: "Has each order that was at the venue when trading stopped the outcome that the venue gave it?",
  risk: "The stop forgets what is on its way, and positions exist that nobody knows of.",
  command: `psql "$DATABASE_URL" -c "SELECT client_order_id, status, executed_quantity FROM orders"; compare with the venue's own list`,
  passes: "each order in flight is stored as the venue has it, and the venue has no other",
  fix: "Stop new orders only, and follow those that were sent to their end.",
  evidence: ["kill_switch_in_flight_{release}.txt"],
  deadlineMs: 240_000,
  maxAgeMs: 600_000,
  needs: ["killSwitch"],
  mutant: defectivePlatform({
    what: "an order in flight is recorded as rejected.",
    ...{ defect: "lossy-kill-switch", arm: "canary" },
  }),
  observe: async ({ killSwitch }, context) => {
    const asOfMs = context.clock.nowMs();
    const account = `kill-switch-flight-${asOfMs}`;
    const flight = await takeTurn(killSwitch, context, () => stopInFlight(killSwitch, account, context));
    const { inFlight, stored, atVenue, statuses } = flight;
    return {
      expected: Array.from({ length: ORDERS }, (_, index) => `${account}-${index}`),
      examined: stored.map((row) => row.idempotency_key ?? ""),
      // On a busy machine the first ones are back already.
      acts: [{ what: "orders in flight when trading stopped", asked: 1, happened: Math.min(1, inFlight) }],
      asOfMs,
      violations: differences(stored, atVenue),
      unclear: [],
      summary: `${inFlight} orders in flight, ${stored.length} stored, ${atVenue.length} at the venue`,
      texts: [
        [
          `answers          ${statuses.join(", ")}`,
          ...stored.map((row) => `${row.client_order_id}  ${row.status}  ${row.executed_quantity}`),
          ...atVenue.map((order) => `venue: ${order.clientOrderId}  ${order.executedQuantity}`),
          "",
        ].join("\n"),
      ],
    };
  },
});

async function stopInFlight(
  { lab, canary }: KillSwitchPart,
  account: string,
  context: ProbeContext,
): Promise<Flight> {
  const [replica] = canary;
  if (replica === undefined) throw new Error("Expected a replica of the canary, got none.");
  const proxy = await FaultProxyClient.connect(lab.proxyControl, { deadlineMs: PROXY_DEADLINE_MS });
  const slow = await proxy.forLimitedTime("kill-switch-in-flight", FAULT_AT_MOST_MS);
  const { name } = await slow.addToxic("binance-rest", {
    ...{ type: "latency", stream: "upstream", toxicity: 1 },
    attributes: { latency: VENUE_LATENCY_MS, jitter: 0 },
  });
  try {
    const orders = Array.from({ length: ORDERS }, (_, index) => ({
      ...{ account, key: `${account}-${index}`, quantity: QUANTITY },
    }));
    let answered = 0;
    const sent = orders.map(async (order) => {
      const [status = 0] = await sendOrders({ platform: replica.origin }, [order], context);
      answered += 1;
      return status;
    });
    await untilClaimed(lab.databaseUrl, account, context);
    const use = {
      scope: "canary",
      enable: false,
      dryRun: false,
      actor: "kanit-drill",
      reason: "drill",
    } as const;
    await useKillSwitch(replica, use, { allowedHosts: [], signal: context.signal });
    const inFlight = ORDERS - answered;
    const statuses = await Promise.all(sent);
    const stored = await settledOrders(lab, account, context);
    const ids = new Set(stored.map((row) => row.client_order_id ?? ""));
    const { text } = await requestHttp(`${lab.venueControl}/venues/binance/orders`, {
      signal: context.signal,
    });
    const atVenue = venueOrders.parse(JSON.parse(text)).filter(({ clientOrderId }) => ids.has(clientOrderId));
    return { inFlight, statuses, stored, atVenue };
  } finally {
    await slow.removeToxic("binance-rest", name);
  }
}

/** Each order has passed the switch once it is in the database: what comes after that is its flight. */
async function untilClaimed(
  databaseUrl: string,
  account: string,
  { clock, signal }: ProbeContext,
): Promise<void> {
  const query = `SELECT count(*)::text AS orders FROM orders WHERE account_id = '${account}'`;
  for (;;) {
    const [rows = []] = await queryRows(databaseUrl, [query], signal);
    if (Number(rows[0]?.orders) === ORDERS) return;
    await clock.sleep(POLL_MS, signal);
  }
}

function differences(stored: readonly TextRow[], atVenue: z.infer<typeof venueOrders>): readonly string[] {
  const executed = new Map(atVenue.map((order) => [order.clientOrderId, Number(order.executedQuantity)]));
  return stored.flatMap((row) => {
    const id = row.client_order_id ?? "";
    const there = executed.get(id) ?? 0;
    const here = Number(row.executed_quantity);
    return there === here
      ? []
      : [`${id} is stored as ${row.status} with ${here}, the venue executed ${there}`];
  });
}
