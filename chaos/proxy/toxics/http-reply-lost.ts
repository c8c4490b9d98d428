import { HTTP_CAPACITY_BYTES, startHttpToxic } from "../protocols/http/conversation.ts";
import { nameOf } from "../protocols/http/exchange.ts";
import { REQUEST_MATCH } from "../protocols/http/request-match.ts";
import { choice } from "./attribute-spec.ts";
import { twoWayToxic } from "./toxic-type.ts";

/**
 * Loses the reply to requests that the server has dealt with: an order is accepted, and the client never learns. What
 * was replied before it arrives whole, and so does `100 Continue`, without which there would be no request. After
 * `hang`
 * nothing reaches the client on that connection any more, its FIN included: HTTP's replies are told apart by their
 * order
 * alone, so that a later one would be taken for the one that was lost. When the toxic goes, such a connection is
 * closed.
 */
export const httpReplyLost = twoWayToxic({
  type: "http_reply_lost",
  summary: "lets HTTP requests reach the server and loses the replies",
  protocol: "http",
  attributes: {
    ...REQUEST_MATCH,
    how: choice("hang (nothing more arrives on the connection), close (a FIN to both sides) or reset", [
      "hang",
      "close",
      "reset",
    ]),
  },
  capacityBytes: HTTP_CAPACITY_BYTES,
  start: (host, initial) =>
    startHttpToxic(host, initial, (current) => ({
      kind: "reply",
      onHead({ number, request }, { status }, bytes, output) {
        const { how: outcome } = current();
        const what = `reply ${status} to ${nameOf(request)} lost, ${outcome}`;
        host.biteMessage({ number, what, bytes: bytes.length });
        if (outcome === "hang") output.silence();
        else output.finish(outcome === "reset" ? "reset" : "close");
      },
      // Its head was the end of what passes.
      onBody: () => undefined,
    })),
});
