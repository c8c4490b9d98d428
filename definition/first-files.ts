import { tradingAmong, type VenueName } from "../venues/index.ts";

/** What has to be known of a platform to write its first files. */
export interface FirstAnswers {
  readonly name: string;
  readonly venues: readonly VenueName[];
  /** The command that starts it. */
  readonly start: readonly string[];
  readonly metrics: string;
  readonly api: "http" | "driver";
}

const MAPPED_API = `api:
  place:
    path: /orders
    headers: { Idempotency-Key: "{key}" }
    body: { symbol: symbol, side: side, type: type, quantity: quantity, price: price }
    answer: &order
      id: id
      clientOrderId: clientOrderId
      status: status
      executedQuantity: executedQuantity
      error: error
  query:
    path: /orders/{id}
    answer: *order
  cancel:
    path: /orders/{id}
    answer: *order
  # What it does not have is left out: positions, quote, killSwitch, quoteStream.
  riskLimits: false
  refusals: [422]
  # Its own words, by the field's: statuses: { open: [LIVE], filled: [DONE] }; errors: { risk_block: [TOO_BIG] }
`;

const DRIVEN_API = `api:
  # A program of yours that speaks it: docs/driver.md has one in Python and one in Go.
  driver: { command: [python3, driver.py] }
  riskLimits: false
`;

/**
 * A first `platform.yml`. It states the answers to the questions, and a guess for every other field, which the user
 * corrects with `kanit check-platform`.
 */
export function firstDefinition({ name, venues, start, metrics, api }: FirstAnswers): string {
  const venue = tradingAmong(venues)[0] ?? "binance";
  return `# yaml-language-server: $schema=./platform.schema.json
# How kanit runs and reads this platform. \`kanit check-platform\` says of each part whether it works, and what to change.
name: ${JSON.stringify(name)}
venues: ${JSON.stringify(venues)}
start: ${JSON.stringify(start)}
# Brings the empty database in DATABASE_URL up to date; \`true\` does nothing.
migrate: ["true"]
# When this file or folder changes, the database is initialized anew.
migrations: platform.yml
# It listens on HOST and PORT.
listens: on-port
health: /health
metrics: ${JSON.stringify(metrics)}
settlesWithin: 20s
reset: restart

${api === "http" ? MAPPED_API : DRIVEN_API}
# What its books say, one query each, with these columns.
ledger:
  orders: >-
    SELECT id AS order_id, client_order_id, '${venue}' AS venue, symbol, side, status, status <> 'UNKNOWN' AS settled,
           executed_quantity, idempotency_key
      FROM orders
  fills: >-
    SELECT '${venue}' AS venue, symbol, venue_trade_id, client_order_id, side, price, quantity, cost, fee, fee_asset
      FROM fills
  positions: >-
    SELECT 'main' AS account_id, symbol, quantity FROM positions
`;
}

/** A first scenario of the user's own. */
export function firstScenario(): string {
  return `# yaml-language-server: $schema=./scenario.schema.json
name: slow-database
hypothesis: When each answer of the database takes 40 ms longer, orders are placed and no book is wrong.
faults:
  - fault: { kind: latency, link: postgres, latencyMs: 40 }
    forMs: 4000
expectation:
  mayFire: [ApiLatencyP95High, LatencyCpuBackpressure]
  recoversWithinMs: 5000
`;
}
