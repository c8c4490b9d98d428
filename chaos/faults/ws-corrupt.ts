import { wsCorrupt as toxic } from "../proxy/toxics/ws-corrupt.ts";
import { describeMessages } from "./describe-choice.ts";
import { toxicFault } from "./toxic-fault.ts";

/** Payloads arrive changed: as valid text with wrong content, or as bytes that are not text. */
export const wsCorrupt = toxicFault({
  kind: "ws-corrupt",
  toxic,
  summary: "payload bytes of chosen WebSocket data messages are changed",
  names: { bytes: "corruptBytes" },
  effect({ corruptBytes, text, ...match }) {
    const extent = corruptBytes === 1 ? "1 byte" : `${corruptBytes} bytes`;
    return `${describeMessages(match)} corrupted in ${extent}${text === "broken" ? ", no valid UTF-8" : ""}`;
  },
});
