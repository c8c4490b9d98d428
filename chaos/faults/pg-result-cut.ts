import { z } from "zod";
import { linkName, share, wholeNumber } from "./fault-kind.ts";
import {
  describePgQueryMatch,
  pgQueryMatch,
  pgQueryMatchAttributes,
  pgQueryMatchOf,
} from "./pg-query-match.ts";
import { toxicFault } from "./toxic-fault.ts";

const schema = z.strictObject({
  kind: z.literal("pg-result-cut"),
  link: linkName,
  toxicity: share.default(1),
  ...pgQueryMatch,
  rows: wholeNumber.default(0),
  bytes: wholeNumber.default(0),
  /** How the connection breaks off. */
  how: z.enum(["close", "reset", "hang"]).default("close"),
});

/** A result breaks off in its midst: whoever took the rows that came for all of them is wrong. */
export const pgResultCut = {
  ...toxicFault({
    kind: "pg-result-cut",
    toxicType: "pg_result_cut",
    summary: "PostgreSQL's connection breaks off in the middle of a result",
    schema,
    attributes: [
      ...pgQueryMatchAttributes,
      { name: "rows", toxicName: "rows", takes: "number", summary: "rows that arrive before the cut" },
      {
        name: "bytes",
        toxicName: "bytes",
        takes: "number",
        summary: "bytes of rows that arrive before the cut, which may be within a row; 0: rows decide",
      },
      {
        name: "how",
        toxicName: "how",
        takes: "text",
        summary: "close (a FIN to both sides), reset, or hang (nothing more arrives on the connection)",
      },
    ],
    effect: (fault) => {
      const rows = fault.rows > 0 || fault.bytes === 0 ? [`${fault.rows} rows`] : [];
      const limits = [...rows, ...(fault.bytes > 0 ? [`${fault.bytes} bytes`] : [])];
      return `result of ${describePgQueryMatch(fault)} cut after ${limits.join(" or ")} (${fault.how})`;
    },
    toxicAttributes: (fault) => {
      const { rows, bytes, how } = fault;
      return { ...pgQueryMatchOf(fault), rows, bytes, how };
    },
  }),
  healing: "The toxic is removed. Connections that broke off by hanging are reset.",
};
