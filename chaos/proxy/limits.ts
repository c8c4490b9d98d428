import { MAX_PATTERN_INSTRUCTIONS, MAX_PATTERN_LENGTH } from "../../core/index.ts";
import { MAX_TTL_MS, MIN_TTL_MS } from "./api/lease-input.ts";
import { MAX_BODY_BYTES } from "./api/request-body.ts";
import { MAX_REMOVED_TOXICS } from "./bite-ledger.ts";
import { MAX_RECORDS } from "./decision-log.ts";
import { MAX_LEASES } from "./leases/lease-book.ts";
import { MAX_LINKS } from "./link-collection.ts";
import { LOOKED_AT_TEXT_BYTES } from "./protocols/pg/framing.ts";
import { PATTERN_TEXT_BYTES } from "./protocols/ws/message-choice.ts";
import { MAX_COMPRESSED_MESSAGE_BYTES, MAX_MESSAGE_BYTES } from "./protocols/ws/message-work.ts";
import { MAX_TOXICS } from "./toxic-chain.ts";
import { MAX_WINDOW_BYTES } from "./toxics/latency.ts";

/** Every limit of the proxy, for `GET /kanit/capabilities`. What exceeds one is refused, or reported in the bites. */
export const LIMITS = {
  requestBodyBytes: MAX_BODY_BYTES,
  links: MAX_LINKS,
  toxicsPerLink: MAX_TOXICS,
  bitesOfRemovedToxicsPerLink: MAX_REMOVED_TOXICS,
  decisions: MAX_RECORDS,
  leases: MAX_LEASES,
  leaseMsMin: MIN_TTL_MS,
  leaseMsMax: MAX_TTL_MS,
  patternLength: MAX_PATTERN_LENGTH,
  patternInstructions: MAX_PATTERN_INSTRUCTIONS,
  patternQueryBytes: LOOKED_AT_TEXT_BYTES,
  patternMessageBytes: PATTERN_TEXT_BYTES,
  latencyWindowBytes: MAX_WINDOW_BYTES,
  webSocketMessageBytes: MAX_MESSAGE_BYTES,
  webSocketCompressedMessageBytes: MAX_COMPRESSED_MESSAGE_BYTES,
} as const;
