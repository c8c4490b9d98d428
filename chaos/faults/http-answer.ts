import { z } from "zod";
import { linkName, share } from "./fault-kind.ts";
import { describeHttpMatch, httpMatch, httpMatchAttributes, httpMatchOf } from "./http-match.ts";
import { toxicFault } from "./toxic-fault.ts";

const HEADER_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const FRAMING = /^(?:content-length|transfer-encoding|trailer)$/i;
const headerValue = z.string().regex(/^[\t\x20-\x7e\x80-\xff]*$/, "Expected one line of Latin-1 text");

const schema = z.strictObject({
  kind: z.literal("http-answer"),
  link: linkName,
  toxicity: share.default(1),
  ...httpMatch,
  status: z.number().int().min(200).max(599).default(503),
  headers: z
    .record(z.string(), headerValue)
    .superRefine((headers, { addIssue }) => {
      for (const name of Object.keys(headers)) {
        const complaint = complaintOf(name);
        if (complaint !== undefined) addIssue({ code: "custom", path: [name], message: complaint });
      }
    })
    .default({}),
  body: z.string().default(""),
});

/** Requests are answered without the server: a gateway that has lost it, a venue that refuses. */
export const httpAnswer = {
  ...toxicFault({
    kind: "http-answer",
    toxicType: "http_answer",
    summary: "HTTP requests are answered by the proxy and never reach the server",
    schema,
    attributes: [
      ...httpMatchAttributes,
      {
        name: "status",
        toxicName: "status",
        takes: "number",
        summary: "status code of the answer, 200 to 599",
      },
      { name: "headers", toxicName: "headers", takes: "headers", summary: "header fields of the answer" },
      { name: "body", toxicName: "body", takes: "text", summary: "body of the answer" },
    ],
    effect: (fault) => `${fault.status} in answer to ${describeHttpMatch(fault)}, not forwarded,`,
    toxicAttributes: (fault) => {
      const { status, headers, body } = fault;
      return { ...httpMatchOf(fault), status, headers, body };
    },
  }),
  healing: "The toxic is removed. A request that it still holds goes on to the server.",
};

function complaintOf(headerName: string): string | undefined {
  if (!HEADER_NAME.test(headerName)) return "Expected the name of a header field";
  return FRAMING.test(headerName) ? "Expected no framing, which the proxy states itself" : undefined;
}
