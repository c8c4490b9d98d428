import { HTTP_CAPACITY_BYTES, startHttpToxic } from "../protocols/http/conversation.ts";
import { nameOf } from "../protocols/http/exchange.ts";
import { REQUEST_MATCH } from "../protocols/http/request-match.ts";
import { choice } from "./attribute-spec.ts";
import { twoWayToxic } from "./toxic-type.ts";

/**
 * Drops the reply to requests that the server has processed: an order is accepted, and the client does not
 * find out. Earlier replies and `100 Continue` arrive unchanged. After `hang` nothing more reaches the client
 * on that connection, not even a FIN: HTTP/1.1 pairs replies by order alone, so a later reply would be taken
 * for the lost one. When the toxic is removed, such a connection is closed.
 */
export const httpReplyLost = twoWayToxic({
  type: "http_reply_lost",
  summary: "passes HTTP requests to the server and drops the replies",
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
      // Nothing after its head is passed on.
      onBody: () => undefined,
    })),
});
