import { seededRandom } from "../../../core/index.ts";
import { actAtOnce, emitAll } from "../protocols/ws/act-at-once.ts";
import { breakText, corruptBytes, corruptCharacters } from "../protocols/ws/corruption.ts";
import type { Message } from "../protocols/ws/message.ts";
import { startChosenMessageStage, WS_MESSAGE_CHOICE } from "../protocols/ws/message-stage.ts";
import { MESSAGE_CAPACITY_BYTES } from "../protocols/ws/message-work.ts";
import { choice, wholeNumber } from "./attribute-spec.ts";
import { oneWayToxic } from "./toxic-type.ts";

const SEED_RANGE = 4_294_967_296;

/**
 * Changes bytes of the chosen data messages' payloads, at seeded places; lengths, frames and masks stay
 * valid. A text either stays valid UTF-8, so that only its reader can notice, or becomes invalid, which the
 * WebSocket layer must refuse (close code 1007). A compressed message is corrupted as the receiver
 * decompresses it, and is sent without compression.
 */
export const wsCorrupt = oneWayToxic({
  type: "ws_corrupt",
  summary: "changes payload bytes of the chosen WebSocket data messages",
  protocol: "websocket",
  attributes: {
    ...WS_MESSAGE_CHOICE,
    bytes: wholeNumber("bytes", "how many bytes of each message change", { fallback: 1, min: 1 }),
    text: choice("texts stay valid UTF-8 (the default) or are broken", ["valid", "broken"]),
  },
  capacityBytes: MESSAGE_CAPACITY_BYTES,
  start: (host, attributes) =>
    startChosenMessageStage(host, attributes, (out, current) =>
      actAtOnce(out, (message) => {
        const { bytes, text } = current();
        // A separate number, since the message's own number decides whether it is affected.
        const random = seededRandom(Math.floor(host.roll(-message.number) * SEED_RANGE));
        const before = message.payload();
        const after = corruptionOf(message, text)(before, bytes, random);
        const changedBytes = before.reduce((sum, byte, at) => sum + (byte === after[at] ? 0 : 1), 0);
        emitAll(out, changedBytes === 0 ? message.wire : message.withPayload(after));
        if (changedBytes === 0) return;
        const what = `payload corrupted (${changedBytes} of ${before.length} bytes)`;
        host.biteMessage({ number: message.number, what, bytes: changedBytes });
      }),
    ),
});

function corruptionOf({ kind }: Message, text: "valid" | "broken"): typeof corruptBytes {
  if (kind === "binary") return corruptBytes;
  return text === "valid" ? corruptCharacters : breakText;
}
