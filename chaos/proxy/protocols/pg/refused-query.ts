import type { Conversation } from "./conversation.ts";
import { bind, closeStatement, execute, parse, query } from "./message-body.ts";
import type { PgMessage } from "./message-reader.ts";
import type { PgRequest } from "./request-queue.ts";
import type { Fate } from "./side.ts";
import { endsInCommit } from "./sql-text.ts";

/** A name that no client gives to a statement of its own. */
const OWN_NAME = "kanit_pg_error_reply";
/** Understood by any server, and refused by any. */
const FAILING_TEXT = "SELECT kanit_pg_error_reply_refused_this_query";

/** A query that fails for certain, and leaves data as it is. */
export const failingQuery = (): Buffer => query(FAILING_TEXT);

/**
 * Queries that do not reach the server. If the proxy only answered them itself, the server would still be in
 * the transaction that the client believes to have failed. The proxy therefore sends a statement that is
 * certain to fail: the server then decides by its own rules about the transaction, pipelined requests and
 * ReadyForQuery. Only the error message is replaced.
 */
export class RefusedQueries {
  readonly #conversation: Conversation;
  readonly #refused = new Map<number, PgMessage>();

  constructor(conversation: Conversation) {
    this.#conversation = conversation;
  }

  /** Sends something else in place of the query. */
  refuse(message: PgMessage, request: PgRequest): Fate {
    this.#refused.set(request.number, message);
    this.#conversation.upstream.pass(substituteFor(request));
    return "replace";
  }

  /** What becomes of a reply; `tell` puts the error in its words. Undefined when it is none to a refused query. */
  reply(
    message: PgMessage,
    request: PgRequest | undefined,
    sendError: (query: PgMessage) => void,
  ): Fate | undefined {
    if (message.type === "Z") this.#forgetUpTo(request?.number ?? 0);
    const refused = this.#refused.get(request?.number ?? 0);
    if (refused === undefined || message.type === "S" || message.type === "A") return undefined;
    if (message.type === "E") sendError(refused);
    return "drop";
  }

  #forgetUpTo(number: number): void {
    for (const refused of this.#refused.keys()) if (refused <= number) this.#refused.delete(refused);
  }
}

/**
 * A COMMIT that fails still ends its transaction. So a ROLLBACK is sent first and the failing statement after
 * it. The statement is named, since the client may still use its unnamed one.
 */
function substituteFor({ kind, text }: PgRequest): Buffer {
  const endsTransaction = text !== undefined && endsInCommit(text);
  if (kind === "query") return endsTransaction ? query(`ROLLBACK; ${FAILING_TEXT}`) : failingQuery();
  const fails = execute(OWN_NAME);
  if (!endsTransaction) return fails;
  return Buffer.concat([
    parse(OWN_NAME, "ROLLBACK"),
    bind(OWN_NAME, OWN_NAME),
    execute(OWN_NAME),
    closeStatement(OWN_NAME),
    // The portal went with its transaction.
    fails,
  ]);
}
