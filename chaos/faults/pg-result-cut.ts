import { pgResultCut as toxic } from "../proxy/toxics/pg-result-cut.ts";
import { describeQueries } from "./describe-choice.ts";
import { toxicFault } from "./toxic-fault.ts";

/** A result breaks off in the middle: a client that takes the received rows for all rows is wrong. */
export const pgResultCut = toxicFault({
  kind: "pg-result-cut",
  toxic,
  summary: "the connection to PostgreSQL breaks in the middle of a result",
  healing: "The toxic is removed. Connections that hang are reset.",
  names: { bytes: "bytes" },
  effect(fault) {
    const rows = fault.rows > 0 || fault.bytes === 0 ? [`${fault.rows} rows`] : [];
    const limits = [...rows, ...(fault.bytes > 0 ? [`${fault.bytes} bytes`] : [])];
    return `result of ${describeQueries(fault)} cut after ${limits.join(" or ")} (${fault.how})`;
  },
});
