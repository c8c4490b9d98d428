import type { Venue, VenueName } from "../venues/venue.ts";
import { inquire } from "./inquiry.ts";
import type { Ledger } from "./ledger.ts";
import { type OrderView, referenceOf } from "./order.ts";

/** The result of a request to cancel an order. */
export type CancelResult =
  | { readonly kind: "not-found" }
  /** The order had already ended. */
  | { readonly kind: "not-open"; readonly view: OrderView }
  | { readonly kind: "canceled"; readonly view: OrderView }
  /** The venue received the request; the reconciler will find out the result. */
  | { readonly kind: "requested"; readonly view: OrderView }
  | { readonly kind: "venue-unavailable"; readonly reason: string };

const OPEN = new Set(["ACCEPTED", "PARTIALLY_FILLED", "UNKNOWN", "PENDING"]);

/**
 * Asks the venue to cancel, then looks the order up: a cancel can cross a fill, BTCTurk cancels later than it
 * answers, and an answer can be lost, so only the order's own state counts.
 *
 * @throws DatabaseUnavailableError
 */
export async function cancelOrder(
  id: string,
  ledger: Ledger,
  venues: Readonly<Record<VenueName, Venue>>,
): Promise<CancelResult> {
  const order = await ledger.find(id);
  if (order === undefined) return { kind: "not-found" };
  if (!OPEN.has(order.view.status)) return { kind: "not-open", view: order.view };
  const venue = venues[order.row.venue];
  const cancellation = await venue.cancel(referenceOf(order.row));
  const lookup = await inquire(venue, referenceOf(order.row), order.row.executed_quantity);
  if (lookup.kind === "found") await ledger.recordReport(id, lookup.report);
  const view = (await ledger.find(id))?.view ?? order.view;
  if (view.status === "CANCELED") return { kind: "canceled", view };
  if (!OPEN.has(view.status)) return { kind: "not-open", view };
  if (cancellation.kind === "failed") return { kind: "venue-unavailable", reason: cancellation.reason };
  return { kind: "requested", view };
}
