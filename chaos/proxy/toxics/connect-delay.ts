import { wholeNumber } from "./attribute-spec.ts";
import { connectToxic } from "./toxic-type.ts";

/**
 * Connects each new connection to the server only after `delay` ± `jitter`. The kernel completes the client's
 * TCP handshake by itself, so `connect` succeeds immediately, and everything after it waits.
 */
export const connectDelay = connectToxic({
  type: "connect_delay",
  summary: "connects new connections to the server only after a delay",
  attributes: {
    delay: wholeNumber("ms", "ms until a connection is connected to the server"),
    jitter: wholeNumber("ms", "greatest deviation from the mean in ms"),
  },
  closesListener: false,
  connect(roll, { delay: meanMs, jitter: jitterMs }) {
    const deviation = jitterMs === 0 ? 0 : (2 * roll() - 1) * jitterMs;
    return { kind: "proceed", afterMs: Math.max(0, meanMs + deviation) };
  },
});
