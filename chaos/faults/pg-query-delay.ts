import { pgQueryDelay as toxic } from "../proxy/toxics/pg-query-delay.ts";
import { describeQueries } from "./describe-choice.ts";
import { toxicFault } from "./toxic-fault.ts";

/** One query is slow, with all that its connection sends behind it: a lock, a bad plan, a table too large. */
export const pgQueryDelay = toxicFault({
  kind: "pg-query-delay",
  toxic,
  summary: "PostgreSQL gets certain queries late, in order with what follows them on the connection",
  required: ["delay"],
  effect: (fault) => `delay of ${fault.delayMs} ms for ${describeQueries(fault)}`,
});
