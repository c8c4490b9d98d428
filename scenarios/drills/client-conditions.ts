import { cspReport } from "../../chaos/index.ts";
import { type Act, type DrillCondition, SYMBOL_PLACE } from "../../harness/index.ts";
import { faultAct } from "./acts.ts";
import { EVERYDAY, LOOKING, placing, sending } from "./loads.ts";

/** Orders that all use one idempotency key; with another quantity they conflict. */
const orderUnderOneKey = (quantity: string): Act => ({
  kind: "load",
  what: `8 orders per second of ${quantity} with one key`,
  load: sending(8, {
    path: "/api/orders",
    headers: { "content-type": "application/json", "idempotency-key": "drill-one-key" },
    body: JSON.stringify({ venue: "binance", symbol: SYMBOL_PLACE, side: "buy", type: "market", quantity }),
  }),
});

/** Problems caused by clients and browsers, or on their connections. */
export const CLIENT_CONDITIONS: readonly DrillCondition[] = [
  {
    name: "csp-reports",
    summary: "Browsers report a script that the content security policy forbids, five times per second.",
    madeFor: "spark",
    environment: {},
    load: EVERYDAY,
    acts: [
      {
        kind: "load",
        what: "5 reports a second",
        load: sending(5, {
          path: "/api/csp-report",
          ...cspReport("script-src"),
        }),
      },
    ],
    moves: ["csp_violations_total"],
    endsSeries: false,
    triggers: ["CspViolationsHigh"],
    confirmedBy: { what: "reports counted", expression: "sum(increase(csp_violations_total[2s]))" },
  },
  {
    name: "keys-reused",
    summary: "Two clients repeatedly use one idempotency key for different orders.",
    madeFor: "spark",
    environment: {},
    load: EVERYDAY,
    acts: [orderUnderOneKey("0.01"), orderUnderOneKey("0.02")],
    moves: ["idempotency_conflicts_total", "idempotency_requests_total"],
    endsSeries: false,
    triggers: ["IdempotencyConflictsHigh"],
    confirmedBy: { what: "conflicts", expression: "sum(increase(idempotency_conflicts_total[2s]))" },
  },
  {
    name: "key-flood",
    summary:
      "Clients send many orders with new keys while Binance's book is lost: every refusal is stored under its key.",
    madeFor: null,
    environment: {},
    load: LOOKING,
    acts: [
      { kind: "load", what: "150 orders a second", load: placing(150) },
      faultAct({ kind: "down", link: "binance-ws" }),
    ],
    moves: ["idempotency_keys_stored", "idempotency_requests_total", "risk_blocks_total"],
    endsSeries: false,
    triggers: ["IdempotencyKeyBuildup"],
    confirmedBy: {
      what: "more than 70 new keys per second",
      expression: "sum(deriv(idempotency_keys_stored[4s])) > bool 70",
    },
  },
  {
    name: "sockets-dropped",
    summary: "Every quote socket is closed at its first message, and its client reconnects at once.",
    madeFor: null,
    environment: {},
    load: EVERYDAY,
    acts: [faultAct({ kind: "ws-close", link: "api" })],
    moves: ["ws_disconnects_total", "ws_clients"],
    endsSeries: false,
    triggers: ["WebSocketDisconnectStorm"],
    confirmedBy: { what: "sockets that closed", expression: "sum(increase(ws_disconnects_total[2s]))" },
  },
];
