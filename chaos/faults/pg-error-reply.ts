import { pgErrorReply as toxic } from "../proxy/toxics/pg-error-reply.ts";
import { describeChoice, describeQueries } from "./describe-choice.ts";
import { toxicFault } from "./toxic-fault.ts";

/** PostgreSQL answers with an error: shutting down, full, or a conflict with another transaction. */
export const pgErrorReply = toxicFault({
  kind: "pg-error-reply",
  toxic,
  summary: "PostgreSQL answers queries, or new connections, by an error of a given SQLSTATE",
  healing:
    "The toxic is removed. A connection whose query is being answered by an error while the server carries it out is reset.",
  names: { sqlstate: "sqlState" },
  effect(fault) {
    if (fault.at === "connect") return `${fault.sqlState} in answer to ${describeChoice(fault, "login")}`;
    const done = fault.reaches === "yes" ? "executed nevertheless" : "not executed";
    return `${fault.sqlState} in answer to ${describeQueries(fault)}, ${done},`;
  },
});
