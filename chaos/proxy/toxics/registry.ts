import { bandwidth } from "./bandwidth.ts";
import { latency } from "./latency.ts";
import { limitData } from "./limit-data.ts";
import { resetPeer } from "./reset-peer.ts";
import { slicer } from "./slicer.ts";
import { slowClose } from "./slow-close.ts";
import { timeout } from "./timeout.ts";
import type { ToxicType } from "./toxic-type.ts";

const TYPES: readonly ToxicType[] = [bandwidth, latency, limitData, resetPeer, slicer, slowClose, timeout];

/** Every kind of toxic, by Toxiproxy's name for it. A new kind is a new file and one line here. */
export const TOXIC_TYPES: ReadonlyMap<string, ToxicType> = new Map(TYPES.map((type) => [type.type, type]));
