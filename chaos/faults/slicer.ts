import { slicer as toxic } from "../proxy/toxics/slicer.ts";
import { toxicFault } from "./toxic-fault.ts";

/** Data arrives in small pieces: exposes a reader that takes one read for one message. */
export const slicer = toxicFault({
  kind: "slicer",
  toxic,
  summary: "data arrives in small pieces",
  names: { average_size: "averageBytes", size_variation: "variationBytes" },
  required: ["average_size"],
  complaint({ averageBytes, variationBytes }) {
    if (averageBytes < 1) return { attribute: "averageBytes", expected: "at least 1" };
    if (variationBytes < averageBytes) return undefined;
    return { attribute: "variationBytes", expected: "less than averageBytes" };
  },
  effect: ({ averageBytes, variationBytes, delayUs }) =>
    `slices of ${averageBytes} ± ${variationBytes} bytes, ${delayUs} µs apart,`,
});
