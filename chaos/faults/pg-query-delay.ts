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
  kind: z.literal("pg-query-delay"),
  link: linkName,
  toxicity: share.default(1),
  ...pgQueryMatch,
  delayMs: wholeNumber,
});

/** One query is slow, with all that its connection sends behind it: a lock, a bad plan, a table too large. */
export const pgQueryDelay = toxicFault({
  kind: "pg-query-delay",
  toxicType: "pg_query_delay",
  summary: "PostgreSQL gets certain queries late, in order with what follows them on the connection",
  schema,
  attributes: [
    ...pgQueryMatchAttributes,
    { name: "delayMs", toxicName: "delay", takes: "number", summary: "how long a query is held in ms" },
  ],
  effect: (fault) => `delay of ${fault.delayMs} ms for ${describePgQueryMatch(fault)}`,
  toxicAttributes: (fault) => ({ ...pgQueryMatchOf(fault), delay: fault.delayMs }),
});
