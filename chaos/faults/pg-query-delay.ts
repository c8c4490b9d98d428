import { pgQueryDelay as toxic } from "../proxy/toxics/pg-query-delay.ts";
import { describeQueries } from "./describe-choice.ts";
import { toxicFault } from "./toxic-fault.ts";

/**
 * One query is slow, and everything that its connection sends after it: a lock, a bad plan, a large table.
 */
export const pgQueryDelay = toxicFault({
  kind: "pg-query-delay",
  toxic,
  summary: "certain queries reach PostgreSQL late, in order with the traffic behind them on the connection",
  required: ["delay"],
  effect: (fault) => `delay of ${fault.delayMs} ms for ${describeQueries(fault)}`,
});
