import { pgQueryDelay as toxic } from "../proxy/toxics/pg-query-delay.ts";
import { describeQueries } from "./describe-choice.ts";
import { toxicFault } from "./toxic-fault.ts";

/**
 * One query is slow, and everything that its connection sends after it: a lock, a bad plan, a large table.
 */
export const pgQueryDelay = toxicFault({
  kind: "pg-query-delay",
  toxic,
  summary: "PostgreSQL gets certain queries late, in order with what follows them on the connection",
  required: ["delay"],
  effect: (fault) => `delay of ${fault.delayMs} ms for ${describeQueries(fault)}`,
});
