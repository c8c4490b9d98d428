import { emitAll } from "../protocols/ws/act-at-once.ts";
import { LateMessages } from "../protocols/ws/late-messages.ts";
import { startChosenMessageStage, WS_MESSAGE_CHOICE } from "../protocols/ws/message-stage.ts";
import { MESSAGE_CAPACITY_BYTES } from "../protocols/ws/message-work.ts";
import { choice, wholeNumber } from "./attribute-spec.ts";
import { oneWayToxic } from "./toxic-type.ts";

/**
 * Holds the chosen data messages for `delay` ± `jitter`, drawn uniformly, from when they are complete. With
 * the order kept, later messages wait behind them; otherwise they overtake. Pings and pongs pass in both
 * cases; a close frame and the connection's end wait for all delayed messages.
 */
export const wsDelay = oneWayToxic({
  type: "ws_delay",
  summary: "delays the chosen WebSocket data messages by delay ± jitter",
  protocol: "websocket",
  attributes: {
    ...WS_MESSAGE_CHOICE,
    delay: wholeNumber("ms", "mean delay in ms"),
    jitter: wholeNumber("ms", "greatest deviation from the mean in ms"),
    order: choice("later messages wait behind (the default) or overtake", ["keep", "overtake"]),
  },
  capacityBytes: MESSAGE_CAPACITY_BYTES,
  start: (host, attributes) =>
    startChosenMessageStage(host, attributes, (out, current) => {
      let { order } = current();
      const late = new LateMessages(host.clock, out, () => {
        const { delay: delayMs, jitter: jitterMs } = current();
        return { delayMs, jitterMs, order };
      });
      return {
        get heldBytes() {
          return late.heldBytes;
        },
        get needsWhole() {
          return order === "overtake" && !late.isEmpty;
        },
        take({ number, bytes, wire }) {
          const { delay, jitter } = current();
          if (delay + jitter > 0) host.biteMessage({ number, what: "message delayed", bytes });
          // A separate number, since the message's own number decides whether it is affected.
          late.addLate(wire, jitter === 0 ? 0 : 2 * host.roll(-number) - 1);
        },
        pass(bytes) {
          if (order === "overtake" || late.isEmpty) emitAll(out, bytes);
          else late.addBehind(bytes);
        },
        passLast: (item) => late.addLast(item),
        flush: () => late.flush(),
        discard: () => late.discard(),
        onUpdate() {
          if (current().order !== order) late.flush();
          ({ order } = current());
          late.reschedule();
        },
      };
    }),
});
