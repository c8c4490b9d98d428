import { Decimal } from "../money.ts";
import type { Lookup, OrderReference, Venue, VenueReport } from "../venues/venue.ts";
import type { OrderRow } from "./order.ts";

/** Of orders that are stored as open, returns those that their venue no longer has open, or has filled further. */
export function changedSince(
  orders: readonly OrderRow[],
  open: ReadonlyMap<string, VenueReport>,
): readonly OrderRow[] {
  return orders.filter((order) => {
    const executed = open.get(order.client_order_id)?.executedQuantity;
    return executed?.lte(order.executed_quantity) !== true;
  });
}

/** Looks an order up at its venue and, when more of it was executed than is stored, fetches its fills. */
export async function inquire(venue: Venue, order: OrderReference, storedQuantity: string): Promise<Lookup> {
  const lookup = await venue.lookup(order);
  if (lookup.kind !== "found") return lookup;
  return { kind: "found", report: await withFills(venue, order, lookup.report, storedQuantity) };
}

/** Completes a report with the order's fills when it reports more executed quantity than is stored. */
export async function withFills(
  venue: Venue,
  order: OrderReference,
  report: VenueReport,
  storedQuantity: string,
): Promise<VenueReport> {
  const reportedQuantity = report.executedQuantity;
  const mayHaveFills =
    reportedQuantity === null ? report.status !== "ACCEPTED" : reportedQuantity.gt(storedQuantity);
  if (!mayHaveFills || sumOf(report).eq(reportedQuantity ?? -1)) return report;
  const fills = await venue.fillsOf({ ...order, venueOrderId: report.venueOrderId });
  // A report without fills still has the order's state; the fills are fetched later.
  return fills.kind === "fills" ? { ...report, fills: fills.fills } : report;
}

const sumOf = (report: VenueReport): Decimal =>
  report.fills.reduce((total, fill) => total.plus(fill.quantity), new Decimal(0));
