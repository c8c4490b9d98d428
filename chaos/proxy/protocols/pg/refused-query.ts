import type { Conversation } from "./conversation.ts";
import { bind, closeStatement, execute, parse, query } from "./message-body.ts";
import type { PgMessage } from "./message-reader.ts";
import type { PgRequest } from "./request-queue.ts";
import type { Fate } from "./side.ts";
import { endsInCommit } from "./sql-text.ts";

/** A name that no client uses for a statement of its own. */
const OWN_NAME = "kanit_pg_error_reply";
/** Every server parses it, and refuses to execute it. */
const FAILING_TEXT = "SELECT kanit_pg_error_reply_refused_this_query";

/** A query that certainly fails, without changing data. */
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

  /** Sends the failing query in place of the client's. */
  refuse(message: PgMessage, request: PgRequest): Fate {
    this.#refused.set(request.number, message);
    this.#conversation.upstream.pass(substituteFor(request));
    return "replace";
  }

  /**
   * The fate of a reply; `sendError` replaces its error. Undefined when it is not a reply to a refused query.
   */
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
    // The portal ended with its transaction.
    fails,
  ]);
}
