import { FrameStage } from "../protocols/ws/frame-stage.ts";
import { MESSAGE_CAPACITY_BYTES } from "../protocols/ws/message-work.ts";
import { PongWork } from "../protocols/ws/pong-work.ts";
import { MESSAGE_CHOICE, MessageChooser } from "./message-choice.ts";
import { oneWayToxic } from "./toxic-type.ts";

/**
 * Drops pongs, so that the sender of the pings gets no answer although data still flows. `stream` is the
 * direction of the pongs: `upstream` for a server that pings its clients.
 */
export const wsNoPong = oneWayToxic({
  type: "ws_no_pong",
  summary: "drops WebSocket pongs; everything else passes",
  protocol: "websocket",
  attributes: MESSAGE_CHOICE,
  capacityBytes: MESSAGE_CAPACITY_BYTES,
  start(host, initial) {
    let current = initial;
    const chooser = new MessageChooser(host);
    const passes: ConstructorParameters<typeof PongWork>[1] = ({ number, bytes }) => {
      if (!chooser.takesNext(current)) return true;
      host.biteMessage({ number, what: "pong dropped", bytes });
      return false;
    };
    const stage = new FrameStage(host, (out) => new PongWork(out, passes));
    return {
      get heldBytes() {
        return stage.heldBytes;
      },
      push: (item) => stage.push(item),
      update(attributes) {
        current = attributes;
      },
      release: () => stage.release(),
      discard: () => stage.discard(),
    };
  },
});
