import { ackLost } from "./ack-lost.ts";
import { gap } from "./gap.ts";
import type { Misbehaviour } from "./misbehaviour.ts";
import { silentStream } from "./silent-stream.ts";
import { unknownStatus503 } from "./unknown-status-503.ts";

/** Every misbehaviour that a venue can be given. */
export const MISBEHAVIOURS: readonly Misbehaviour[] = [ackLost, gap, silentStream, unknownStatus503];
