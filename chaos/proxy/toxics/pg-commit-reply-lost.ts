import { CONVERSATION_CAPACITY_BYTES, Conversation } from "../protocols/pg/conversation.ts";
import { readSqlState, readText } from "../protocols/pg/message-body.ts";
import type { BreakOff } from "../protocols/pg/outlet.ts";
import { choice } from "./attribute-spec.ts";
import { MESSAGE_CHOICE, MessageChooser } from "./message-choice.ts";
import { twoWayToxic } from "./toxic-type.ts";

/** The SQLSTATE of COMMIT's warning that there was no transaction. */
const NO_ACTIVE_TRANSACTION = "25P01";

/**
 * Commits the transaction, and hides that from the client: from the reply to COMMIT on, nothing from the
 * server reaches it. The server's command tag `COMMIT` identifies the reply: it stands for COMMIT and END
 * alone, in every protocol and for statements prepared earlier, and never for a rollback.
 */
export const pgCommitReplyLost = twoWayToxic({
  type: "pg_commit_reply_lost",
  summary: "PostgreSQL: drops the reply to a COMMIT that was executed",
  protocol: "postgres",
  attributes: {
    ...MESSAGE_CHOICE,
    how: choice("hang (nothing more arrives on the connection), close (a FIN to both sides) or reset", [
      "hang",
      "close",
      "reset",
    ]),
  },
  capacityBytes: CONVERSATION_CAPACITY_BYTES,
  start(host, initial) {
    let attributes = initial;
    let nothingToCommit = false;
    const chooser = new MessageChooser(host);
    const conversation = new Conversation(host, {
      reply(message) {
        const { type, number, body, totalBytes } = message;
        if (conversation.downstream.isShut) {
          host.bite(totalBytes);
          return "drop";
        }
        if (type === "N") nothingToCommit = readSqlState(body) === NO_ACTIVE_TRANSACTION;
        if (type !== "C") return "pass";
        const committed = !nothingToCommit && readText(body) === "COMMIT";
        nothingToCommit = false;
        if (!committed || !chooser.takesNext(attributes)) return "pass";
        const how = attributes.how as BreakOff;
        host.biteMessage({ number, what: `reply to COMMIT lost, then ${how}`, bytes: totalBytes });
        conversation.downstream.breakOff(how);
        return "drop";
      },
    });
    return conversation.stages((changed) => {
      attributes = changed;
    });
  },
});
