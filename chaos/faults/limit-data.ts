import { z } from "zod";
import { linkName, share, streamName, wholeNumber } from "./fault-kind.ts";
import { toxicFault } from "./toxic-fault.ts";

const schema = z.strictObject({
  kind: z.literal("limit-data"),
  link: linkName,
  stream: streamName.default("downstream"),
  toxicity: share.default(1),
  limitBytes: wholeNumber,
});

/** The connection is closed in mid-answer, after so many bytes. */
export const limitData = toxicFault({
  kind: "limit-data",
  toxicType: "limit_data",
  summary: "the connection is closed after so many bytes",
  schema,
  attributes: [
    { name: "limitBytes", toxicName: "bytes", takes: "number", summary: "bytes that pass before the close" },
  ],
  effect: ({ limitBytes }) => `closed after ${limitBytes} bytes`,
  toxicAttributes: ({ limitBytes }) => ({ bytes: limitBytes }),
});
