import { Decimal as DecimalJs } from "decimal.js";
import { defineCheck } from "../engine/check.ts";
import { queryRows, type TextRow, toTsv } from "../engine/sql.ts";
import { sendOrders, settledOrders, storedFills } from "./lab-orders.ts";
import { singlePrecision } from "./single-precision.ts";

const ORDERS = 60;
/** The steps of BTCUSDT at Binance. */
const TICK = "0.01";
const STEP = "0.00001";
/** Enough digits for sums of numeric(38,18) values. */
const Decimal = DecimalJs.clone({ precision: 80 });
const LEAST_QUANTITY_STEPS = 103;

/** Do many small steps add up to exactly what was traded? */
export const decimalTickDrift = defineCheck({
  id: "decimal-tick-drift",
  title: "12. Decimal tick drift",
  question:
    "After many fills of odd sizes, is a position exactly the sum of its fills, each on the venue's tick and step?",
  risk: "Each fill is off by less than anyone sees; after thousands, the position cannot be closed, since its rest is no multiple of the step.",
  command: `psql "$DATABASE_URL" -c 'SELECT p.quantity - sum(f.quantity), p.cost - sum(f.cost) FROM positions p JOIN orders o USING (account_id, symbol) JOIN fills f ON f.order_id = o.id GROUP BY p.id'`,
  passes: `after ${ORDERS} buys of odd sizes the position's quantity and cost are the exact sums of its fills, each price is a multiple of ${TICK} and each quantity of ${STEP}`,
  fix: "Add decimals, never floats; keep the columns numeric; round once, where the venue does.",
  evidence: ["decimal_tick_drift_test.txt"],
  deadlineMs: 90_000,
  maxAgeMs: 120_000,
  needs: ["lab"],
  mutant: singlePrecision,
  observe: async ({ lab }, context) => {
    const asOfMs = context.clock.nowMs();
    const account = `red-team-ticks-${asOfMs}`;
    const orders = Array.from({ length: ORDERS }, (_, index) => ({
      account,
      key: `${account}-${index}`,
      quantity: new Decimal(STEP).times(LEAST_QUANTITY_STEPS + index * 7).toFixed(),
    }));
    await sendOrders(lab, orders, context);
    const stored = await settledOrders(lab, account, context);
    const fills = await storedFills(lab, account, context.signal);
    const read = `SELECT symbol, quantity::text, cost::text FROM positions WHERE account_id = '${account}' AND status = 'OPEN'`;
    const [positions = []] = await queryRows(lab.databaseUrl, [read], context.signal);
    const [position] = positions;
    const sums = sumsOf(fills);
    return {
      expected: ["position", "fills"],
      examined: [...(position === undefined ? [] : ["position"]), ...(fills.length === 0 ? [] : ["fills"])],
      acts: [
        {
          what: "orders filled",
          asked: ORDERS,
          happened: stored.filter(({ status }) => status === "FILLED").length,
        },
      ],
      asOfMs,
      violations: [...(position === undefined ? [] : driftOf(position, sums)), ...fills.flatMap(offGrid)],
      unclear: [],
      summary: `${fills.length} fills; ${sums.quantity} BTC for ${sums.cost} USDT`,
      texts: [`${toTsv(positions)}sum of fills\t${sums.quantity}\t${sums.cost}\n\n${toTsv(fills)}`],
    };
  },
});

/** What the fills of an account add up to, exactly. */
interface Sums {
  readonly quantity: string;
  readonly cost: string;
}

/** Sums the fills of buys; a fee that the venue took in what was bought is not held. */
export function sumsOf(fills: readonly TextRow[]): Sums {
  let quantity = new Decimal(0);
  let cost = new Decimal(0);
  for (const fill of fills) {
    const fee = fill.symbol?.startsWith(fill.fee_asset ?? "?") === true ? (fill.fee ?? "0") : "0";
    quantity = quantity.plus(fill.quantity ?? "NaN").minus(fee);
    cost = cost.plus(fill.cost ?? "NaN");
  }
  return { quantity: quantity.toFixed(), cost: cost.toFixed() };
}

function driftOf(position: TextRow, sums: Sums): readonly string[] {
  return (["quantity", "cost"] as const)
    .map((name) => ({ name, held: new Decimal(position[name] ?? "NaN"), sum: new Decimal(sums[name]) }))
    .filter(({ held, sum }) => !held.equals(sum))
    .map(
      ({ name, held, sum }) =>
        `the ${name} of the position is ${held.toFixed()}, its fills add up to ${sum.toFixed()}`,
    );
}

function offGrid({ venue_trade_id: trade, price, quantity }: TextRow): readonly string[] {
  return [
    { name: "price", value: price ?? "NaN", step: TICK },
    { name: "quantity", value: quantity ?? "NaN", step: STEP },
  ]
    .filter(({ value, step }) => !new Decimal(value).mod(step).isZero())
    .map(({ name, value, step }) => `fill ${trade}: the ${name} ${value} is no multiple of ${step}`);
}
