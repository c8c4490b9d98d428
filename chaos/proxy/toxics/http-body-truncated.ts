import { HTTP_CAPACITY_BYTES, startHttpToxic } from "../protocols/http/conversation.ts";
import { nameOf } from "../protocols/http/exchange.ts";
import { REQUEST_MATCH } from "../protocols/http/request-match.ts";
import { choice, wholeNumber } from "./attribute-spec.ts";
import { twoWayToxic } from "./toxic-type.ts";

/**
 * Truncates replies within their body: head and the first `bytes` of the payload arrive, then the connection
 * ends. The payload is counted without the sizes of a chunked body. A reply with a shorter body stays whole.
 */
export const httpBodyTruncated = twoWayToxic({
  type: "http_body_truncated",
  summary: "truncates HTTP replies within their body, and ends the connection",
  protocol: "http",
  attributes: {
    ...REQUEST_MATCH,
    bytes: wholeNumber("bytes", "bytes of the body that arrive"),
    how: choice("close (a FIN to both sides) or reset", ["close", "reset"]),
  },
  capacityBytes: HTTP_CAPACITY_BYTES,
  start(host, initial) {
    let passedBytes = 0;
    return startHttpToxic(host, initial, (current) => ({
      kind: "reply",
      onHead(_exchange, _reply, bytes, output) {
        passedBytes = 0;
        output.pass(bytes);
      },
      onBody({ number, request }, bytes, isPayload, output) {
        const { bytes: limitBytes, how: ending } = current();
        const leftBytes = Math.max(0, limitBytes - passedBytes);
        if (!isPayload || bytes.length <= leftBytes) {
          if (isPayload) passedBytes += bytes.length;
          output.pass(bytes);
          return;
        }
        output.pass(bytes.subarray(0, leftBytes));
        const what = `reply to ${nameOf(request)} cut off after ${limitBytes} bytes, ${ending}`;
        host.biteMessage({ number, what, bytes: bytes.length - leftBytes });
        output.finish(ending === "reset" ? "reset" : "close");
      },
    }));
  },
});
