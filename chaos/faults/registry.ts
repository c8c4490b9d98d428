import { archiveStopped } from "./archive-stopped.ts";
import { bandwidth } from "./bandwidth.ts";
import { clockStep } from "./clock-step.ts";
import { connectDelay } from "./connect-delay.ts";
import { connectHang } from "./connect-hang.ts";
import { connectRefuse } from "./connect-refuse.ts";
import { connectReset } from "./connect-reset.ts";
import { cutAfter } from "./cut-after.ts";
import { databaseRestored } from "./database-restored.ts";
import { diskFull } from "./disk-full.ts";
import { down } from "./down.ts";
import { failover } from "./failover.ts";
import type { FaultKind } from "./fault-kind.ts";
import type { FaultIn } from "./fault-statement.ts";
import { foreignStatements } from "./foreign-statements.ts";
import { freeze } from "./freeze.ts";
import { halfOpen } from "./half-open.ts";
import { holdConnections } from "./hold-connections.ts";
import { holdLock } from "./hold-lock.ts";
import { httpAnswer } from "./http-answer.ts";
import { httpBodyTruncated } from "./http-body-truncated.ts";
import { httpReplyDelay } from "./http-reply-delay.ts";
import { httpReplyLost } from "./http-reply-lost.ts";
import { idleTransaction } from "./idle-transaction.ts";
import { kill } from "./kill.ts";
import { latency } from "./latency.ts";
import { limitData } from "./limit-data.ts";
import { lockPileUp } from "./lock-pile-up.ts";
import { orderBurst } from "./order-burst.ts";
import { own } from "./own.ts";
import { pause } from "./pause.ts";
import { pgCommitReplyLost } from "./pg-commit-reply-lost.ts";
import { pgErrorReply } from "./pg-error-reply.ts";
import { pgQueryDelay } from "./pg-query-delay.ts";
import { pgResultCut } from "./pg-result-cut.ts";
import { poolBySession } from "./pool-by-session.ts";
import { reportFlood } from "./report-flood.ts";
import { resetPeer } from "./reset-peer.ts";
import { sequenceExhausted } from "./sequence-exhausted.ts";
import { silence } from "./silence.ts";
import { slicer } from "./slicer.ts";
import { slowClose } from "./slow-close.ts";
import { venueMisbehavior } from "./venue-misbehavior.ts";
import { wsClose } from "./ws-close.ts";
import { wsCorrupt } from "./ws-corrupt.ts";
import { wsDelay } from "./ws-delay.ts";
import { wsDrop } from "./ws-drop.ts";
import { wsDuplicate } from "./ws-duplicate.ts";
import { wsNoPong } from "./ws-no-pong.ts";
import { wsReorder } from "./ws-reorder.ts";
import { wsSwallow } from "./ws-swallow.ts";

// To add a kind, add a file and one line here.
const KINDS = [
  archiveStopped,
  bandwidth,
  clockStep,
  connectDelay,
  connectHang,
  connectRefuse,
  connectReset,
  cutAfter,
  databaseRestored,
  diskFull,
  down,
  failover,
  foreignStatements,
  freeze,
  halfOpen,
  holdConnections,
  holdLock,
  httpAnswer,
  httpBodyTruncated,
  httpReplyDelay,
  httpReplyLost,
  idleTransaction,
  kill,
  latency,
  limitData,
  orderBurst,
  lockPileUp,
  own,
  pause,
  pgCommitReplyLost,
  pgErrorReply,
  pgQueryDelay,
  pgResultCut,
  reportFlood,
  poolBySession,
  resetPeer,
  sequenceExhausted,
  silence,
  slicer,
  slowClose,
  venueMisbehavior,
  wsClose,
  wsCorrupt,
  wsDelay,
  wsDrop,
  wsDuplicate,
  wsNoPong,
  wsReorder,
  wsSwallow,
] as const;

/** A fault as plain data: kind, link and attributes, complete and with units. Discriminated by `kind`. */
export type Fault = FaultIn<(typeof KINDS)[number]>;

/** The name of a kind of fault. */
export type FaultKindName = Fault["kind"];

/** The faults of one kind. */
export type FaultOf<K extends FaultKindName> = Extract<Fault, { readonly kind: K }>;

/** Every kind of fault by its name. */
export const FAULT_KINDS = Object.fromEntries(KINDS.map((kind) => [kind.kind, kind])) as unknown as {
  readonly [K in FaultKindName]: FaultKind<FaultOf<K>>;
};

/** The kind of this fault. */
export function kindOf<F extends Fault>(fault: F): FaultKind<F> {
  // The table maps each kind's name to that kind, which the compiler cannot infer for a generic F.
  return FAULT_KINDS[fault.kind] as unknown as FaultKind<F>;
}

/** Describes a fault before it is injected: `latency of 300 ms ± 20 ms on postgres (downstream)`. */
export function faultLabel(fault: Fault): string {
  return kindOf(fault).label(fault);
}
