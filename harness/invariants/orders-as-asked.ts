import type { OrderRequest } from "../../api/index.ts";
import { Decimal } from "../observation/decimal.ts";
import type { LedgerOrder } from "../observation/ledger.ts";
import type { VenueOrder, VenueTrade } from "../observation/venue-books.ts";
import { findingOf, type Invariant, ordersAtVenues, type Problem } from "./invariant.ts";

const statement =
  "each order at its venue is what its client requested, and none traded beyond its client's limit";

/**
 * At a venue that measures market buys by the amount spent, the quantity may differ from the
 * requested one by this much.
 */
const MARKET_BUY_TOLERANCE = new Decimal("0.01");

/**
 * A platform that rounds, swaps or mixes up requests may keep consistent books of the wrong orders. Only the
 * client knows what it requested.
 */
export const ordersAsAsked: Invariant = {
  statement,
  mayComeLate: false,
  check: ({ operations, otherAccountOrder, ledger, venues }) => {
    const rows = new Map(ledger.orders.map((order) => [order.order_id, order]));
    const atVenue = ordersAtVenues(venues);
    const trades = Map.groupBy(
      venues.flatMap(({ venue, trades }) => trades.map((trade) => ({ venue, trade }))),
      ({ venue, trade }) => `${venue} ${trade.clientOrderId}`,
    );
    const asked = new Map<string, OrderRequest>();
    for (const { kind, orderId, request } of operations) {
      if (kind === "place" && orderId !== null && request.order !== null) asked.set(orderId, request.order);
    }
    const problems: Problem[] = [];
    let compared = 0;
    for (const [orderId, order] of asked) {
      const row = rows.get(orderId);
      if (row === undefined) continue;
      compared++;
      const name = `${row.venue} ${row.client_order_id}`;
      const traded = (trades.get(name) ?? []).map(({ trade }) => trade);
      const found = [
        ...differences(order, row, atVenue.get(name)),
        ...traded.flatMap((trade) => beyondLimit(order, trade)),
      ];
      const clientOrderId = row.client_order_id;
      if (found.length > 0)
        problems.push({
          kind: "other than requested",
          detail: `${clientOrderId} ${found.join(", ")}`,
          clientOrderId,
        });
    }
    const other = rows.get(otherAccountOrder?.orderId ?? "");
    const account = other?.account_id ?? otherAccountOrder?.accountId;
    if (other !== undefined && account !== otherAccountOrder?.accountId) {
      const clientOrderId = other.client_order_id;
      const detail = `${clientOrderId} is of account ${account}, requested was ${otherAccountOrder?.accountId}`;
      problems.push({ kind: "of another account than requested", detail, clientOrderId });
    }
    return findingOf(compared, "order", problems);
  },
};

function differences(asked: OrderRequest, row: LedgerOrder, real: VenueOrder | undefined): readonly string[] {
  const booked = pairs(asked, row).map(
    ([name, wanted, got]) => `has ${name} ${got}, requested was ${wanted}`,
  );
  if (booked.length > 0 || real === undefined) return booked;
  const placed = pairs(asked, { ...real, venue: row.venue });
  const problems = placed.map(
    ([name, wanted, got]) => `was placed with ${name} ${got}, requested was ${wanted}`,
  );
  if (asked.price !== null && (real.price === null || !new Decimal(real.price).equals(asked.price))) {
    problems.push(`was placed at ${real.price ?? "any price"}, requested was ${asked.price}`);
  }
  if (!sameQuantity(asked, real.quantity)) {
    problems.push(`was placed with quantity ${real.quantity}, requested was ${asked.quantity}`);
  }
  return problems;
}

function pairs(asked: OrderRequest, got: Pick<OrderRequest, "venue" | "symbol"> & { readonly side: string }) {
  const all = [
    ["venue", asked.venue, got.venue],
    ["symbol", asked.symbol, got.symbol],
    ["side", asked.side, got.side],
  ] as const;
  return all.filter(([, wanted, given]) => wanted !== given);
}

function sameQuantity(asked: OrderRequest, quantity: string): boolean {
  const difference = new Decimal(quantity).minus(asked.quantity).abs();
  const byCost = asked.type === "market" && asked.side === "buy";
  return difference.lte(byCost ? MARKET_BUY_TOLERANCE.times(asked.quantity) : 0);
}

function beyondLimit({ side, price }: OrderRequest, trade: VenueTrade): readonly string[] {
  if (price === null) return [];
  const worse = side === "buy" ? new Decimal(trade.price).gt(price) : new Decimal(trade.price).lt(price);
  return worse ? [`traded at ${trade.price}, beyond its limit ${price}`] : [];
}
