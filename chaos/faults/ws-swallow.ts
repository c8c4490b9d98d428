import { wsSwallow as toxic } from "../proxy/toxics/ws-swallow.ts";
import { toxicFault } from "./toxic-fault.ts";

/** A WebSocket that looks alive but is silent: data messages are dropped, pings and pongs pass. */
export const wsSwallow = toxicFault({
  kind: "ws-swallow",
  toxic,
  summary: "WebSocket data messages are dropped while pings and pongs pass",
  effect: ({ pattern }) =>
    pattern === ""
      ? "WebSocket data dropped, pings answered"
      : `every message that matches /${pattern}/ dropped`,
});
