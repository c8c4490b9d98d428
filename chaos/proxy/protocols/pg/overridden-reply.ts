import type { Conversation } from "./conversation.ts";
import { copyFail, sync } from "./message-body.ts";
import type { PgMessage } from "./message-reader.ts";
import { failingQuery } from "./refused-query.ts";
import type { PgRequest } from "./request-queue.ts";
import type { Fate } from "./side.ts";

/** Not a number of any message of the client. */
const OWN_NUMBER = 0;
const IN_TRANSACTION = "T".charCodeAt(0);

interface Override {
  readonly message: PgMessage;
  readonly request: PgRequest;
  /** The number of the request whose ReadyForQuery ends it; undefined until the client's Sync comes. */
  readyAfter: number | undefined;
  isErrorSent: boolean;
  isRepairing: boolean;
}

/**
 * A query that the server executes and whose reply is replaced by an error. The client receives nothing else
 * until it is complete. The server is brought to the state that the client then assumes, where possible:
 * requests pipelined after the query are dropped, as a server does after an error, and a transaction that is
 * still open is made to fail.
 */
export class OverriddenReply {
  readonly #conversation: Conversation;
  #current: Override | undefined;

  constructor(conversation: Conversation) {
    this.#conversation = conversation;
  }

  /** Whether a query's reply is being overridden. */
  get isActive(): boolean {
    return this.#current !== undefined;
  }

  /** Starts with a query that is sent to the server. */
  begin(message: PgMessage, request: PgRequest): Fate {
    const readyAfter = request.kind === "query" ? request.number : undefined;
    this.#current = { message, request, readyAfter, isErrorSent: false, isRepairing: false };
    this.#conversation.isEntangled = true;
    if (readyAfter !== undefined) this.#conversation.pauseUpstream();
    return "pass";
  }

  /** The fate of a message after the query, up to Sync. */
  request(message: PgMessage, request: PgRequest): Fate {
    if (request.kind === "sync" && this.#current !== undefined) {
      this.#current.readyAfter = request.number;
      this.#conversation.pauseUpstream();
      return "pass";
    }
    // Flush and Terminate.
    return message.type === "H" || message.type === "X" ? "pass" : "drop";
  }

  /** The fate of a reply; `sendError` sends the error to the client. */
  reply(message: PgMessage, request: PgRequest | undefined, sendError: (query: PgMessage) => void): Fate {
    const current = this.#current;
    if (current === undefined || "NSA".includes(message.type)) return "pass";
    const isReady = message.type === "Z";
    if (current.isRepairing) return isReady ? this.#end() : "drop";
    if (isReady && request?.number === current.readyAfter) {
      if (current.isErrorSent && message.body[0] === IN_TRANSACTION) return this.#failTransaction(current);
      return this.#end();
    }
    // Replies to the query, and an error at Sync, at which everything outside a transaction block is
    // committed.
    const isConcerned = request?.number === current.request.number || request?.number === current.readyAfter;
    if (!isConcerned) return "pass";
    if (message.type === "G" || message.type === "W") this.#refuseCopy(current);
    if (!current.isErrorSent) {
      current.isErrorSent = true;
      sendError(current.message);
    }
    return "drop";
  }

  #failTransaction(current: Override): Fate {
    current.isRepairing = true;
    this.#conversation.insertUpstream(failingQuery(), {
      kind: "query",
      number: OWN_NUMBER,
      text: undefined,
      result: undefined,
    });
    return "drop";
  }

  /** The client believes that the query failed, and will not send the data that the server waits for. */
  #refuseCopy({ request, readyAfter }: Override): void {
    const end = { kind: "copy-end", number: OWN_NUMBER, text: undefined, result: undefined } as const;
    this.#conversation.insertUpstream(copyFail("the reply to COPY was replaced by an error"), end);
    if (request.kind === "query" || readyAfter === undefined) return;
    // The client's Sync came while the server was waiting for data and ignored it.
    this.#conversation.insertUpstream(sync(), {
      kind: "sync",
      number: readyAfter,
      text: undefined,
      result: undefined,
    });
  }

  #end(): Fate {
    this.#current = undefined;
    this.#conversation.isEntangled = false;
    this.#conversation.resumeUpstream();
    return "pass";
  }
}
