import { wsClose as toxic } from "../proxy/toxics/ws-close.ts";
import { describeMessages } from "./describe-choice.ts";
import { toxicFault } from "./toxic-fault.ts";

/** The WebSocket is closed with a code, as venues do for maintenance, rate limits or after 24 hours. */
export const wsClose = toxicFault({
  kind: "ws-close",
  toxic,
  summary: "the WebSocket is closed with a code in place of the chosen message",
  effect({ code, reason, ...match }) {
    // A connection is closed only once: for `every` message this means the next one.
    const message = describeMessages(match).replace(/^each /, "the next ");
    return `closed with ${code}${reason === "" ? "" : ` (${reason})`} in place of ${message}`;
  },
});
