import type { Scenario } from "../harness/index.ts";
import { binanceAckLost } from "./binance-ack-lost.ts";
import { commitReplyLost } from "./commit-reply-lost.ts";
import { dbLatency } from "./db-latency.ts";
import { feedGap } from "./feed-gap.ts";
import { feedSilent } from "./feed-silent.ts";
import { httpSecondRequestFails } from "./http-second-request-fails.ts";
import { pgOutage } from "./pg-outage.ts";
import { poolExhaustion } from "./pool-exhaustion.ts";
import { steadyState } from "./steady-state.ts";
import { venueQuirks } from "./venue-quirks.ts";
import { wsFramesSwallowed } from "./ws-frames-swallowed.ts";

/** Every scenario, in the order in which they are run: the control first. */
export const CATALOG: readonly Scenario[] = [
  steadyState,
  dbLatency,
  pgOutage,
  binanceAckLost,
  venueQuirks,
  feedSilent,
  feedGap,
  wsFramesSwallowed,
  httpSecondRequestFails,
  commitReplyLost,
  poolExhaustion,
];
