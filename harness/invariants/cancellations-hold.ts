import type { Operation } from "../../load/index.ts";
import { Decimal } from "../observation/decimal.ts";
import type { LedgerOrder } from "../observation/ledger.ts";
import type { VenueOrder } from "../observation/venue-books.ts";
import { findingOf, type Invariant, ordersAtVenues, type Problem } from "./invariant.ts";

const statement =
  "each order that a client was told is canceled is canceled in the platform's books and ended at its venue, with the executed quantity of the answer";

// Platforms and venues spell it with one L or two.
const CANCELED = /^cancell?ed$/i;
// The venue may have ended it itself at the same moment: for its client that is the same.
const OVER_UNFILLED = /^(cancell?ed|expired)/i;

/** A client that received CANCELED will trade elsewhere: an order that is still open then trades twice. */
export const cancellationsHold: Invariant = {
  statement,
  mayComeLate: true,
  needs: ({ offers }) => (offers.questions.has("cancel") ? null : "cancel in the platform's API"),
  check: ({ operations, ledger, venues }) => {
    const rows = new Map(ledger.orders.map((order) => [order.order_id, order]));
    const atVenue = ordersAtVenues(venues);
    const cancellations = operations.filter(
      ({ kind, orderStatus }) => kind === "cancel" && CANCELED.test(orderStatus ?? ""),
    );
    const problems = cancellations.flatMap((cancellation) => {
      const row = rows.get(cancellation.orderId ?? "");
      if (row === undefined) {
        const detail = `${cancellation.orderId} is not in the platform's books`;
        return [{ kind: "of orders that are missing in the books", detail, clientOrderId: null }];
      }
      const real = atVenue.get(`${row.venue} ${row.client_order_id}`);
      return problemsOf(cancellation, row, real).slice(0, 1);
    });
    return findingOf(cancellations.length, "cancellation", problems);
  },
};

function problemsOf(
  cancellation: Operation,
  row: LedgerOrder,
  real: VenueOrder | undefined,
): readonly Problem[] {
  const name = row.client_order_id;
  const problems: Problem[] = [];
  const add = (kind: string, detail: string) => problems.push({ kind, detail, clientOrderId: name });
  if (real !== undefined && !OVER_UNFILLED.test(real.status)) {
    add("of orders that are still open at the venue", `${name} is ${real.status} at ${row.venue}`);
  }
  if (!CANCELED.test(row.status))
    add("of orders that are not canceled in the books", `${name} is ${row.status} in the platform's books`);
  const executed = cancellation.executedQuantity;
  if (real !== undefined && executed !== null && !new Decimal(real.executedQuantity).equals(executed)) {
    add(
      "whose executed quantity differs from the venue's",
      `${name} executed ${real.executedQuantity} at ${row.venue}, its client received ${executed}`,
    );
  }
  return problems;
}
