import { bandwidth } from "./bandwidth.ts";
import { blackhole } from "./blackhole.ts";
import { connectDelay } from "./connect-delay.ts";
import { connectHang } from "./connect-hang.ts";
import { connectRefuse } from "./connect-refuse.ts";
import { connectReset } from "./connect-reset.ts";
import { cutAfter } from "./cut-after.ts";
import { freeze } from "./freeze.ts";
import { httpAnswer } from "./http-answer.ts";
import { httpBodyTruncated } from "./http-body-truncated.ts";
import { httpReplyDelay } from "./http-reply-delay.ts";
import { httpReplyLost } from "./http-reply-lost.ts";
import { latency } from "./latency.ts";
import { limitData } from "./limit-data.ts";
import { pgCommitReplyLost } from "./pg-commit-reply-lost.ts";
import { pgErrorReply } from "./pg-error-reply.ts";
import { pgQueryDelay } from "./pg-query-delay.ts";
import { pgResultCut } from "./pg-result-cut.ts";
import { resetPeer } from "./reset-peer.ts";
import { slicer } from "./slicer.ts";
import { slowClose } from "./slow-close.ts";
import { timeout } from "./timeout.ts";
import type { ToxicType } from "./toxic-type.ts";
import { wsClose } from "./ws-close.ts";
import { wsCorrupt } from "./ws-corrupt.ts";
import { wsDelay } from "./ws-delay.ts";
import { wsDrop } from "./ws-drop.ts";
import { wsDuplicate } from "./ws-duplicate.ts";
import { wsNoPong } from "./ws-no-pong.ts";
import { wsReorder } from "./ws-reorder.ts";
import { wsSwallow } from "./ws-swallow.ts";

const TYPES: readonly ToxicType[] = [
  bandwidth,
  latency,
  limitData,
  resetPeer,
  slicer,
  slowClose,
  timeout,
  blackhole,
  connectDelay,
  connectHang,
  connectRefuse,
  connectReset,
  cutAfter,
  freeze,
  httpAnswer,
  httpBodyTruncated,
  httpReplyDelay,
  httpReplyLost,
  pgCommitReplyLost,
  pgErrorReply,
  pgQueryDelay,
  pgResultCut,
  wsClose,
  wsCorrupt,
  wsDelay,
  wsDrop,
  wsDuplicate,
  wsNoPong,
  wsReorder,
  wsSwallow,
];

/** Every kind of toxic, by Toxiproxy's name for it. To add a kind, add a file and one line here. */
export const TOXIC_TYPES: ReadonlyMap<string, ToxicType> = new Map(TYPES.map((type) => [type.type, type]));
