import { CONVERSATION_CAPACITY_BYTES, Conversation } from "../protocols/pg/conversation.ts";
import { errorResponse } from "../protocols/pg/message-body.ts";
import type { PgMessage } from "../protocols/pg/message-reader.ts";
import { OverriddenReply } from "../protocols/pg/overridden-reply.ts";
import { QUERY_CHOICE, QueryMatch } from "../protocols/pg/query-match.ts";
import { RefusedQueries } from "../protocols/pg/refused-query.ts";
import { serverErrorOf } from "../protocols/pg/server-errors.ts";
import type { Fate } from "../protocols/pg/side.ts";
import { choice, text, type ValuesOf } from "./attribute-spec.ts";
import { MessageChooser } from "./message-choice.ts";
import { twoWayToxic } from "./toxic-type.ts";

const ATTRIBUTES = {
  at: choice("query or connect: what is answered by the error", ["query", "connect"]),
  ...QUERY_CHOICE,
  reaches: choice("yes: the server executes the query, and the error replaces its reply; no: it does not", [
    "no",
    "yes",
  ]),
  sqlstate: text(
    "57P01 (shutdown), 53300 (too many connections), 40001 (serialization failure), …",
    "40001",
    (code) => (/^[0-9A-Z]{5}$/.test(code) ? undefined : "expected five characters of 0-9 and A-Z"),
  ),
  message: text("text of the error; empty: PostgreSQL's own"),
  severity: choice("ERROR, FATAL (closes the connection), or usual: PostgreSQL's own for this SQLSTATE", [
    "usual",
    "ERROR",
    "FATAL",
  ]),
};

/**
 * Replaces a reply by an error. Client and server agree on their state afterwards: after an ERROR the
 * transaction has really failed on the server, pipelined requests are skipped up to Sync, and
 * ReadyForQuery is correct; after a FATAL the connection is closed. A query that reaches the server
 * outside a transaction keeps its effects.
 */
export const pgErrorReply = twoWayToxic({
  type: "pg_error_reply",
  summary: "PostgreSQL: answers a query, or a new connection, by an error",
  protocol: "postgres",
  attributes: ATTRIBUTES,
  capacityBytes: CONVERSATION_CAPACITY_BYTES,
  start(host, initial) {
    let attributes = initial;
    const match = new QueryMatch(host, initial.pattern);
    const chooser = new MessageChooser(host);
    const sendError = ({ number, totalBytes }: PgMessage, isFatal: boolean): void => {
      const { severity, message } = serverErrorOf(attributes.sqlstate);
      const error = {
        severity: isFatal ? "FATAL" : severityOf(attributes.severity, severity),
        sqlState: attributes.sqlstate,
        message: attributes.message || message,
      };
      host.biteMessage({
        number,
        what: `answered by ${error.severity} ${error.sqlState}`,
        bytes: totalBytes,
      });
      conversation.downstream.pass(errorResponse(error));
      if (error.severity === "FATAL") conversation.downstream.end("close");
    };
    const sendQueryError = (query: PgMessage) => sendError(query, false);
    const conversation: Conversation = new Conversation(host, {
      startUp(message): Fate {
        if (attributes.at !== "connect" || !chooser.takesNext(attributes)) return "pass";
        sendError(message, true);
        return "drop";
      },
      request(message, request): Fate {
        if (overridden.isActive) return overridden.request(message, request);
        if (attributes.at !== "query" || !match.matches(request)) return "pass";
        if (!chooser.takesNext(attributes)) return "pass";
        return attributes.reaches === "yes"
          ? overridden.begin(message, request)
          : refused.refuse(message, request);
      },
      reply(message, request): Fate {
        return (
          refused.reply(message, request, sendQueryError) ??
          overridden.reply(message, request, sendQueryError)
        );
      },
    });
    const refused = new RefusedQueries(conversation);
    const overridden = new OverriddenReply(conversation);
    return conversation.stages<ValuesOf<typeof ATTRIBUTES>>((changed) => {
      attributes = changed;
      match.setPattern(changed.pattern);
    });
  },
});

function severityOf(chosen: string, usual: string): string {
  return chosen === "usual" ? usual : chosen;
}
