import { Decimal as DecimalJs } from "decimal.js";
import { z } from "zod";
import { requestHttp } from "../../network/index.ts";
import { defineCheck, type ProbeContext } from "../engine/check.ts";
import type { TextRow } from "../engine/sql.ts";
import { inParallel } from "./in-parallel.ts";
import { sendOrders, settledOrders, storedFills } from "./lab-orders.ts";
import { roundedCost } from "./rounded-cost.ts";

const ORDERS = 250;
const LEAST_AMOUNTS = 1_000;
const SHOWN = 5;
const AT_ONCE = 10;
/** Enough digits for products of two numeric(38,18) values. */
const Decimal = DecimalJs.clone({ precision: 80 });

const amount = z.string().regex(/^-?\d+(\.\d+)?$/);
const venueTrades = z.array(
  z.object({
    tradeId: z.union([z.string(), z.number()]).transform(String),
    price: amount,
    quantity: amount,
    cost: amount,
    fee: amount,
  }),
);
type VenueTrade = z.infer<typeof venueTrades>[number];
const shownOrder = z.object({ executedQuantity: amount, executedQuote: amount });

/** One amount as two of the three have it. */
interface AmountPair {
  readonly what: string;
  readonly one: string;
  readonly other: string;
}

/** Do platform, database and venue have the same amounts, to the last decimal? */
export const decimalRounding = defineCheck({
  id: "decimal-rounding",
  title: "7. Rounding of amounts",
  question:
    "Have the platform, the database and the venue the same amounts for the same fills, to the last decimal?",
  risk: "Each rounds in its own way: an order is a step too large and is rejected, and the books are cents off by the evening.",
  command: `psql "$DATABASE_URL" -c 'SELECT count(*) FROM fills WHERE cost <> trunc(price * quantity, 8)'; curl -s "$TARGET/api/orders/$ID" | jq '.executedQuote'`,
  passes: `at least ${LEAST_AMOUNTS} amounts (price, quantity, cost and fee of each fill, executed sums of each order) are equal in the venue's books, in the database and in the platform's answers, and Postgres computes the same cost`,
  fix: "Keep amounts as decimals from the venue's text to the column, with one rounding, where the venue rounds too.",
  evidence: ["red_team_pass_{release}.txt"],
  deadlineMs: 120_000,
  maxAgeMs: 180_000,
  needs: ["lab"],
  mutant: roundedCost,
  observe: async ({ lab }, context) => {
    const asOfMs = context.clock.nowMs();
    const account = `red-team-rounding-${asOfMs}`;
    const orders = Array.from({ length: ORDERS }, (_, index) => ({
      account,
      key: `${account}-${index}`,
      quantity: quantityOf(index),
    }));
    await sendOrders(lab, orders, context);
    const stored = await settledOrders(lab, account, context);
    const fills = await storedFills(lab, account, context.signal);
    const { text } = await requestHttp(`${lab.venueControl}/venues/binance/trades`, {
      signal: context.signal,
    });
    const trades = new Map(venueTrades.parse(JSON.parse(text)).map((trade) => [trade.tradeId, trade]));
    const filled = stored.filter(({ status }) => status === "FILLED");
    const shown = await inParallel(filled, AT_ONCE, (row) => askOrder(lab.platform, row, fills, context));
    const pairs = [...fills.flatMap((fill) => pairsOf(fill, trades)), ...shown.flat()];
    const different = differing(pairs);
    const unknown = fills.filter((fill) => !trades.has(fill.venue_trade_id ?? ""));
    return {
      expected: ["amounts"],
      examined: pairs.length > 0 ? ["amounts"] : [],
      acts: [
        { what: "orders filled", asked: ORDERS, happened: filled.length },
        { what: "amounts compared", asked: LEAST_AMOUNTS, happened: pairs.length },
      ],
      asOfMs,
      violations: [
        ...different.slice(0, SHOWN).map(({ what, one, other }) => `${what}: ${one} and ${other}`),
        ...(different.length > SHOWN ? [`${different.length} of ${pairs.length} amounts differ`] : []),
        ...unknown.slice(0, SHOWN).map((fill) => `fill ${fill.venue_trade_id}: the venue does not know it`),
      ],
      unclear: [],
      summary: `${pairs.length} amounts of ${fills.length} fills, ${different.length} differ`,
      texts: [
        [
          "7. Rounding of amounts",
          `  orders ${filled.length}, fills ${fills.length}, amounts compared ${pairs.length}, different ${different.length}`,
          ...different.slice(0, SHOWN).map(({ what, one, other }) => `  ${what}: ${one} and ${other}`),
          "",
        ].join("\n"),
      ],
    };
  },
});

/** Quantities with digits down to the step of the symbol, so that costs have more decimals than venues book. */
function quantityOf(index: number): string {
  return `0.00${String(101 + index * 3).padStart(3, "0")}`;
}

/** The pairs that are not the same number, however they are written. */
export function differing(pairs: readonly AmountPair[]): readonly AmountPair[] {
  return pairs.filter(({ one, other }) => !new Decimal(one).equals(new Decimal(other)));
}

function pairsOf(fill: TextRow, trades: ReadonlyMap<string, VenueTrade>): readonly AmountPair[] {
  const trade = trades.get(fill.venue_trade_id ?? "");
  if (trade === undefined) return [];
  const of = (name: "price" | "quantity" | "cost" | "fee"): AmountPair => ({
    what: `${name} of fill ${trade.tradeId}, database and venue`,
    one: fill[name] ?? "NaN",
    other: trade[name],
  });
  return [
    ...[of("price"), of("quantity"), of("cost"), of("fee")],
    {
      what: `cost of fill ${trade.tradeId}, computed by Postgres and booked by the venue`,
      one: fill.computed ?? "NaN",
      other: trade.cost,
    },
  ];
}

/** An order as the platform answers, beside the sums of its fills. */
async function askOrder(
  platform: string,
  { id }: TextRow,
  fills: readonly TextRow[],
  { signal }: Pick<ProbeContext, "signal">,
): Promise<readonly AmountPair[]> {
  const { text } = await requestHttp(new URL(`/api/orders/${id}`, platform), { signal });
  const { executedQuantity, executedQuote } = shownOrder.parse(JSON.parse(text));
  const own = fills.filter((fill) => fill.order_id === id);
  const sumOf = (name: "quantity" | "cost") =>
    own.reduce((sum, fill) => sum.plus(fill[name] ?? "NaN"), new Decimal(0)).toFixed();
  return [
    {
      what: `quantity of order ${id}, platform and database`,
      one: executedQuantity,
      other: sumOf("quantity"),
    },
    { what: `cost of order ${id}, platform and database`, one: executedQuote, other: sumOf("cost") },
  ];
}
