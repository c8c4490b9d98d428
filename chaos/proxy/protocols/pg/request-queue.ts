/** What a client requests; `replaced`: a toxic sent another query in its place. */
export type RequestKind =
  | "start-up"
  | "query"
  | "function-call"
  | "parse"
  | "bind"
  | "describe"
  | "execute"
  | "close"
  | "sync"
  | "replaced"
  | "copy-end"
  | "other";

/** A message of the client, with what is needed to match replies. */
export interface PgRequest {
  readonly kind: RequestKind;
  /** The number of the message, from 1 within the connection and direction. */
  readonly number: number;
  /** The requested query (Query and Execute); undefined when there is none, or it is unknown. */
  readonly text: string | undefined;
  /** The result of which it requests a part or the whole; undefined when only this request can fetch it. */
  readonly result: PgResult | undefined;
}

/** A result that can be fetched in several requests: that of a portal or a cursor. */
export interface PgResult {
  /** The same for all requests of this result, and different from all others on this connection. */
  readonly key: string;
  /** The query of the result; undefined when it is unknown. */
  readonly text: string | undefined;
}

/** The request that a reply refers to. `out-of-step`: to none. */
export type ReplyReference =
  | { readonly kind: "in-step"; readonly request: PgRequest | undefined }
  | { readonly kind: "out-of-step" };

const KINDS: Readonly<Record<string, RequestKind>> = {
  Q: "query",
  F: "function-call",
  P: "parse",
  B: "bind",
  D: "describe",
  E: "execute",
  C: "close",
  S: "sync",
  c: "copy-end",
  f: "copy-end",
};

/** The kind of request of each message type of the client. */
export function requestKindOf(type: string): RequestKind {
  return KINDS[type] ?? "other";
}

const OUT_OF_STEP: ReplyReference = { kind: "out-of-step" };

/** Notices, parameter changes and notifications can come at any time. */
const AT_ANY_TIME = "NSA";
const COPY_DATA = "GHWdc";

/**
 * The replies that a request can have besides ErrorResponse and ReadyForQuery, and which of them are its
 * last.
 */
const REPLIES: Readonly<Record<RequestKind, { readonly possible: string; readonly last: string }>> = {
  "start-up": { possible: "RKv", last: "" },
  query: { possible: `TDCI${COPY_DATA}`, last: "" },
  "function-call": { possible: "V", last: "" },
  parse: { possible: "1", last: "1" },
  bind: { possible: "2", last: "2" },
  describe: { possible: "tTn", last: "Tn" },
  execute: { possible: `DCIs${COPY_DATA}`, last: "CIs" },
  close: { possible: "3", last: "3" },
  sync: { possible: "", last: "" },
  replaced: { possible: "12CI3", last: "" },
  "copy-end": { possible: "", last: "" },
  other: { possible: "", last: "" },
};

/** Each of these ends in one ReadyForQuery. */
const READY_AFTER: ReadonlySet<RequestKind> = new Set(["start-up", "query", "function-call", "sync"]);

/**
 * Unanswered requests, in order, to match each reply with its request, also with pipelining. The rules are
 * those of https://www.postgresql.org/docs/current/protocol-flow.html.
 */
export class RequestQueue {
  #pending: PgRequest[] = [];
  /** After an error in the extended protocol the server ignores everything up to the next Sync. */
  #skipsToSync = false;
  /** During a COPY the server ignores Sync, for clients that sent one too early. */
  #copiesIn = false;

  /** Whether the server is known to ignore what comes now, except Sync. */
  get skipsToSync(): boolean {
    return this.#skipsToSync;
  }

  /** Adds a request that is sent to the server. */
  add(request: PgRequest): void {
    const { kind } = request;
    if (kind === "other" || (this.#skipsToSync && kind !== "sync")) return;
    if (this.#copiesIn && kind === "copy-end") this.#copiesIn = false;
    else if (!(this.#copiesIn && kind === "sync")) this.#pending.push(request);
    if (kind === "sync") this.#skipsToSync = false;
  }

  /** Finds the request that a reply refers to, and removes the requests that it completes. */
  reply(type: string): ReplyReference {
    while (this.#pending[0]?.kind === "copy-end") this.#pending.shift();
    const head = this.#pending[0];
    if (AT_ANY_TIME.includes(type)) return { kind: "in-step", request: head };
    if (type === "E") return this.#fail(head);
    if (type === "Z") return this.#becomeReady();
    if (head === undefined) return OUT_OF_STEP;
    const { possible, last } = REPLIES[head.kind];
    if (!possible.includes(type)) return OUT_OF_STEP;
    if (type === "G" || type === "W") this.#startCopyIn();
    if (last.includes(type)) this.#pending.shift();
    return { kind: "in-step", request: head };
  }

  #fail(head: PgRequest | undefined): ReplyReference {
    this.#copiesIn = false;
    // A server that shuts down sends this without a request.
    if (head === undefined) return { kind: "in-step", request: undefined };
    if (READY_AFTER.has(head.kind)) return { kind: "in-step", request: head };
    const sync = this.#pending.findIndex(({ kind }) => kind === "sync");
    this.#skipsToSync = sync < 0;
    this.#pending = sync < 0 ? [] : this.#pending.slice(sync);
    return { kind: "in-step", request: head };
  }

  #becomeReady(): ReplyReference {
    const asked = this.#pending.findIndex(({ kind }) => READY_AFTER.has(kind));
    const request = this.#pending[asked];
    if (request === undefined) return OUT_OF_STEP;
    this.#pending = this.#pending.slice(asked + 1);
    this.#copiesIn = false;
    return { kind: "in-step", request };
  }

  #startCopyIn(): void {
    const end = this.#pending.findIndex(({ kind }) => kind === "copy-end");
    this.#copiesIn = end < 0;
    this.#pending = this.#pending.filter(
      ({ kind }, index) => index !== end && !(kind === "sync" && (end < 0 || index < end)),
    );
  }
}
