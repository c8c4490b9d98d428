import { HTTP_CAPACITY_BYTES, startHttpToxic } from "../protocols/http/conversation.ts";
import { headerComplaint, writeAnswer } from "../protocols/http/own-answer.ts";
import { REQUEST_MATCH } from "../protocols/http/request-match.ts";
import { text, texts, wholeNumber } from "./attribute-spec.ts";
import { twoWayToxic } from "./toxic-type.ts";

/**
 * Answers requests without the server: a gateway or a venue that refuses. The request is held until it is
 * complete and then dropped, so that one in progress when the toxic is removed still reaches the server
 * whole; a request above 1 MiB passes, which is reported. A client that waits for `100 Continue` receives it.
 * Pipelined replies keep their order.
 */
export const httpAnswer = twoWayToxic({
  type: "http_answer",
  summary: "answers HTTP requests itself; they never reach the server",
  protocol: "http",
  attributes: {
    ...REQUEST_MATCH,
    status: wholeNumber("status code", "status code of the answer, 200 to 599", {
      fallback: 503,
      min: 200,
      max: 599,
    }),
    headers: texts("header fields of the answer", headerComplaint),
    body: text("body of the answer"),
  },
  capacityBytes: HTTP_CAPACITY_BYTES,
  start: (host, initial) =>
    startHttpToxic(host, initial, (current) => ({
      kind: "answer",
      answer: (request) => {
        const { status, headers, body } = current();
        return writeAnswer({ status, headers, body }, request);
      },
    })),
});
