import { ackLost } from "./ack-lost.ts";
import { authErrorSuccessTrue } from "./auth-error-success-true.ts";
import { backendTimeout } from "./backend-timeout.ts";
import { cancelOnly } from "./cancel-only.ts";
import { clockSkew } from "./clock-skew.ts";
import { dayCut } from "./day-cut.ts";
import { dotlessEvent } from "./dotless-event.ts";
import { fillBeforeCancel } from "./fill-before-cancel.ts";
import { frozenQuotes } from "./frozen-quotes.ts";
import { gap } from "./gap.ts";
import { html504 } from "./html-504.ts";
import { internalError } from "./internal-error.ts";
import { ipBan } from "./ip-ban.ts";
import { lateFill } from "./late-fill.ts";
import { lateReply } from "./late-reply.ts";
import { listenKeyExpired } from "./listen-key-expired.ts";
import { maintenance } from "./maintenance.ts";
import { marketHalted } from "./market-halted.ts";
import type { Misbehavior } from "./misbehavior.ts";
import { missingDelete } from "./missing-delete.ts";
import { nonAsciiSymbol } from "./non-ascii-symbol.ts";
import { orderEndedByVenue } from "./order-ended-by-venue.ts";
import { orderFailed } from "./order-failed.ts";
import { partialFillBeforeCancel } from "./partial-fill-before-cancel.ts";
import { phantomDelete } from "./phantom-delete.ts";
import { quotaExceeded } from "./quota-exceeded.ts";
import { readLag } from "./read-lag.ts";
import { serverShutdown } from "./server-shutdown.ts";
import { shallowSnapshot } from "./shallow-snapshot.ts";
import { silentStream } from "./silent-stream.ts";
import { staleBook } from "./stale-book.ts";
import { staleSnapshot } from "./stale-snapshot.ts";
import { symbolHalted } from "./symbol-halted.ts";
import { tickSizeChanged } from "./tick-size-changed.ts";
import { tooManyOrders } from "./too-many-orders.ts";
import { tooMuchWeight } from "./too-much-weight.ts";
import { tradeOffBook } from "./trade-off-book.ts";
import { unknownStatus503 } from "./unknown-status-503.ts";
import { unlockLag } from "./unlock-lag.ts";
import { userEventsCoalesced } from "./user-events-coalesced.ts";
import { userEventsDuplicated } from "./user-events-duplicated.ts";
import { userEventsLate } from "./user-events-late.ts";
import { userEventsOutOfOrder } from "./user-events-out-of-order.ts";
import { zeroLastQuantity } from "./zero-last-quantity.ts";
import { zombieOrder } from "./zombie-order.ts";

/** Every misbehavior by its name. */
export const MISBEHAVIORS: readonly Misbehavior[] = [
  ackLost,
  authErrorSuccessTrue,
  backendTimeout,
  cancelOnly,
  clockSkew,
  dayCut,
  dotlessEvent,
  fillBeforeCancel,
  frozenQuotes,
  gap,
  html504,
  internalError,
  ipBan,
  lateFill,
  lateReply,
  listenKeyExpired,
  maintenance,
  marketHalted,
  missingDelete,
  nonAsciiSymbol,
  orderEndedByVenue,
  orderFailed,
  partialFillBeforeCancel,
  phantomDelete,
  quotaExceeded,
  readLag,
  serverShutdown,
  shallowSnapshot,
  silentStream,
  staleBook,
  staleSnapshot,
  symbolHalted,
  tickSizeChanged,
  tooManyOrders,
  tooMuchWeight,
  tradeOffBook,
  unknownStatus503,
  unlockLag,
  userEventsCoalesced,
  userEventsDuplicated,
  userEventsLate,
  userEventsOutOfOrder,
  zeroLastQuantity,
  zombieOrder,
];
