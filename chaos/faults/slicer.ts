import { z } from "zod";
import { linkName, share, streamName, wholeNumber } from "./fault-kind.ts";
import { toxicFault } from "./toxic-fault.ts";

const schema = z
  .strictObject({
    kind: z.literal("slicer"),
    link: linkName,
    stream: streamName.default("downstream"),
    toxicity: share.default(1),
    averageBytes: wholeNumber.min(1),
    variationBytes: wholeNumber.default(0),
    delayUs: wholeNumber.default(0),
  })
  .refine(({ averageBytes, variationBytes }) => variationBytes < averageBytes, {
    path: ["variationBytes"],
    message: "expected less than averageBytes",
  });

/** Data comes in small pieces: what a reader does that takes one read for one message. */
export const slicer = toxicFault({
  kind: "slicer",
  toxicType: "slicer",
  summary: "data comes in small pieces",
  schema,
  attributes: [
    {
      name: "averageBytes",
      toxicName: "average_size",
      takes: "number",
      summary: "mean size of a slice in bytes",
    },
    {
      name: "variationBytes",
      toxicName: "size_variation",
      takes: "number",
      summary: "greatest deviation in bytes",
    },
    { name: "delayUs", toxicName: "delay", takes: "number", summary: "µs between two slices" },
  ],
  effect: ({ averageBytes, variationBytes, delayUs }) =>
    `slices of ${averageBytes} ± ${variationBytes} bytes, ${delayUs} µs apart,`,
  toxicAttributes: ({ averageBytes, variationBytes, delayUs }) => ({
    average_size: averageBytes,
    size_variation: variationBytes,
    delay: delayUs,
  }),
});
