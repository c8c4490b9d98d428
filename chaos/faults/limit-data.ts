import { limitData as toxic } from "../proxy/toxics/limit-data.ts";
import { toxicFault } from "./toxic-fault.ts";

/** The connection is closed in the middle of an answer, after a number of bytes. */
export const limitData = toxicFault({
  kind: "limit-data",
  toxic,
  summary: "the connection is closed after a number of bytes",
  names: { bytes: "limitBytes" },
  required: ["bytes"],
  effect: ({ limitBytes }) => `closed after ${limitBytes} bytes`,
});
