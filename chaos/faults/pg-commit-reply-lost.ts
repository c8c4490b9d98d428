import { pgCommitReplyLost as toxic } from "../proxy/toxics/pg-commit-reply-lost.ts";
import { describeChoice } from "./describe-choice.ts";
import { toxicFault } from "./toxic-fault.ts";

/** The transaction is committed, but the client does not find out and can rely on neither result. */
export const pgCommitReplyLost = toxicFault({
  kind: "pg-commit-reply-lost",
  toxic,
  summary: "PostgreSQL commits, but its reply to COMMIT is lost",
  healing: "The toxic is removed. Connections that lost a reply and still hang are reset.",
  effect: (fault) => `reply to ${describeChoice(fault, "COMMIT")} lost (${fault.how})`,
});
