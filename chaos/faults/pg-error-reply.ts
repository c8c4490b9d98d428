import { z } from "zod";
import { linkName, share } from "./fault-kind.ts";
import { describeMessageChoice } from "./message-choice.ts";
import {
  describePgQueryMatch,
  pgQueryMatch,
  pgQueryMatchAttributes,
  pgQueryMatchOf,
} from "./pg-query-match.ts";
import { toxicFault } from "./toxic-fault.ts";

const schema = z.strictObject({
  kind: z.literal("pg-error-reply"),
  link: linkName,
  toxicity: share.default(1),
  at: z.enum(["query", "connect"]).default("query"),
  ...pgQueryMatch,
  /** Whether the query reaches the server, which then carries it out. */
  reaches: z.enum(["no", "yes"]).default("no"),
  sqlState: z
    .string()
    .regex(/^[0-9A-Z]{5}$/, "Expected five characters of 0-9 and A-Z")
    .default("40001"),
  message: z.string().default(""),
  severity: z.enum(["usual", "ERROR", "FATAL"]).default("usual"),
});

/** PostgreSQL answers by an error: shut down by its administrator, full, or in conflict with another transaction. */
export const pgErrorReply = {
  ...toxicFault({
    kind: "pg-error-reply",
    toxicType: "pg_error_reply",
    summary: "PostgreSQL answers queries, or new connections, by an error of a given SQLSTATE",
    schema,
    attributes: [
      {
        name: "at",
        toxicName: "at",
        takes: "text",
        summary: "query or connect: what is answered by the error",
      },
      ...pgQueryMatchAttributes,
      {
        name: "reaches",
        toxicName: "reaches",
        takes: "text",
        summary:
          "yes: the server carries the query out, and the error takes the place of its reply; no: it does not",
      },
      {
        name: "sqlState",
        toxicName: "sqlstate",
        takes: "text",
        summary: "57P01 (shutdown), 53300 (too many connections), 40001 (serialization failure), …",
      },
      {
        name: "message",
        toxicName: "message",
        takes: "text",
        summary: "text of the error; left out: as PostgreSQL says it",
      },
      {
        name: "severity",
        toxicName: "severity",
        takes: "text",
        summary: "ERROR, FATAL (closes the connection), or usual: what PostgreSQL says with this SQLSTATE",
      },
    ],
    effect: (fault) => {
      if (fault.at === "connect")
        return `${fault.sqlState} in answer to ${describeMessageChoice(fault, "login")}`;
      const done = fault.reaches === "yes" ? "carried out all the same" : "not carried out";
      return `${fault.sqlState} in answer to ${describePgQueryMatch(fault)}, ${done},`;
    },
    toxicAttributes: (fault) => {
      const { at, reaches, sqlState, message, severity } = fault;
      return { at, ...pgQueryMatchOf(fault), reaches, sqlstate: sqlState, message, severity };
    },
  }),
  healing:
    "The toxic is removed. A connection whose query is being answered by an error while the server carries it out is reset.",
};
