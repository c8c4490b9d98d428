import { z } from "zod";
import { linkName, share } from "./fault-kind.ts";
import {
  describeMessageChoice,
  messageChoice,
  messageChoiceAttributes,
  messageChoiceOf,
} from "./message-choice.ts";
import { toxicFault } from "./toxic-fault.ts";

const schema = z.strictObject({
  kind: z.literal("pg-commit-reply-lost"),
  link: linkName,
  toxicity: share.default(1),
  ...messageChoice,
  /** What the client experiences instead of the reply. */
  how: z.enum(["hang", "close", "reset"]).default("hang"),
});

/** The transaction is committed, and the client never learns: neither "done" nor "not done" is safe to believe. */
export const pgCommitReplyLost = {
  ...toxicFault({
    kind: "pg-commit-reply-lost",
    toxicType: "pg_commit_reply_lost",
    summary: "PostgreSQL commits, and its reply to COMMIT is lost",
    schema,
    attributes: [
      ...messageChoiceAttributes,
      {
        name: "how",
        toxicName: "how",
        takes: "text",
        summary: "hang (nothing more arrives on the connection), close (a FIN to both sides) or reset",
      },
    ],
    effect: (fault) => `reply to ${describeMessageChoice(fault, "COMMIT")} lost (${fault.how})`,
    toxicAttributes: (fault) => ({ ...messageChoiceOf(fault), how: fault.how }),
  }),
  healing: "The toxic is removed. Connections that lost a reply and still hang are reset.",
};
