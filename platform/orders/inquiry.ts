import { Decimal } from "../money.ts";
import type { Lookup, OrderReference, Venue, VenueReport } from "../venues/venue.ts";

/** Asks a venue for an order and, when more of it was executed than is stored, for its fills. */
export async function inquire(venue: Venue, order: OrderReference, storedQuantity: string): Promise<Lookup> {
  const lookup = await venue.lookup(order);
  if (lookup.kind !== "found") return lookup;
  return { kind: "found", report: await withFills(venue, order, lookup.report, storedQuantity) };
}

/** Completes a report with the order's fills when it speaks of more than is stored. */
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
  // Without its fills the report still tells the state; the fills are asked for again later.
  return fills.kind === "fills" ? { ...report, fills: fills.fills } : report;
}

const sumOf = (report: VenueReport): Decimal =>
  report.fills.reduce((total, fill) => total.plus(fill.quantity), new Decimal(0));
