import { type FlowItem, isEnding } from "../../flow-item.ts";
import type { Stage, StagePairHost } from "../../stage.ts";
import { backendFraming, encryptionAnswerFraming, frontendFraming, startUpFraming } from "./framing.ts";
import { IdleSearch, looksLikeTls } from "./idle-search.ts";
import type { PgMessage } from "./message-reader.ts";
import type { Outlet } from "./outlet.ts";
import { type PgRequest, RequestQueue, requestKindOf } from "./request-queue.ts";
import { type Fate, Side } from "./side.ts";
import { StatementBook } from "./statement-book.ts";

/** A toxic's handlers in a conversation. A message without a handler passes. */
export interface PgToxicWork {
  /** The start-up message is about to be sent to the server. */
  startUp?(message: PgMessage): Fate;
  /** A message is about to be sent to the server, which will act on it. */
  request?(message: PgMessage, request: PgRequest): Fate;
  /**
   * A message is about to be sent to the client, in reply to the request; undefined: no request caused it.
   */
  reply?(message: PgMessage, request: PgRequest | undefined): Fate;
}

/** A stage for one direction of a conversation. */
export type ConversationStage<A> = Omit<Stage, "update"> & { update(attributes: A): void };

/** How much a conversation may hold: far more than the inspected part of a message. */
export const CONVERSATION_CAPACITY_BYTES = 1024 * 1024;

/** Added to the size of what is held, so that the memory for many tiny chunks is limited too. */
const ITEM_OVERHEAD_BYTES = 256;

/**
 * Reads both directions of one PostgreSQL connection as messages and pairs each reply with its request. Bytes
 * are passed on as they arrive; a toxic decides for each message. When a connection cannot be parsed, that is
 * reported and everything passes.
 */
export class Conversation {
  readonly #host: StagePairHost;
  readonly #work: PgToxicWork;
  readonly #search = new IdleSearch();
  readonly #up: Side;
  readonly #down: Side;
  #queue = new RequestQueue();
  #book = new StatementBook();
  #phase: "start-up" | "in-step" | "searching" | "pipe";
  /**
   * Whether message boundaries are known: from the start, or since a ReadyForQuery came when one was pending.
   */
  #isProven: boolean;
  /** Whether a reply came that no request had caused. */
  #isOutOfStep = false;
  #pausesAfterMessage = false;
  #paused: FlowItem[] | undefined;
  #pausedBytes = 0;

  /**
   * Whether the toxic has sent the client and the server different messages, so that they agree only while it
   * is active. Such a connection is closed when the toxic is removed.
   */
  isEntangled = false;

  constructor(host: StagePairHost, work: PgToxicWork) {
    this.#host = host;
    this.#work = work;
    const midway = host.joined === "midway";
    this.#phase = midway ? "searching" : "start-up";
    this.#isProven = !midway;
    this.#up = new Side(midway ? frontendFraming : startUpFraming, (item) => host.emitUpstream(item));
    this.#down = new Side(backendFraming, (item) => host.emitDownstream(item));
  }

  /** The output of the client's direction. */
  get upstream(): Outlet {
    return this.#up.outlet;
  }

  /** The output of the server's direction. */
  get downstream(): Outlet {
    return this.#down.outlet;
  }

  /** The two stages of a toxic that uses this conversation. */
  stages<A>(update: (attributes: A) => void): Record<"upstream" | "downstream", ConversationStage<A>> {
    const up = this.#up;
    const down = this.#down;
    const pausedBytes = () => this.#pausedBytes;
    return {
      upstream: {
        get heldBytes() {
          return up.reader.heldBytes + pausedBytes();
        },
        push: (item) => this.#pushUpstream(item),
        update,
        release: () => this.#release(up),
        discard: () => this.#discard(up),
      },
      downstream: {
        get heldBytes() {
          return down.reader.heldBytes;
        },
        push: (item) => this.#pushDownstream(item),
        update,
        release: () => this.#release(down),
        discard: () => this.#discard(down),
      },
    };
  }

  /** Passes the client's current message on, and then none until `resumeUpstream`. */
  pauseUpstream(): void {
    this.#pausesAfterMessage = true;
  }

  resumeUpstream(): void {
    this.#pausesAfterMessage = false;
    const items = this.#paused ?? [];
    this.#paused = undefined;
    this.#pausedBytes = 0;
    for (const item of items) this.#pushUpstream(item);
  }

  /** Sends a message of the toxic itself, before what is paused. Replies to it refer to the request. */
  insertUpstream(bytes: Buffer, request: PgRequest): void {
    this.#queue.add(request);
    this.#up.outlet.pass(bytes);
    this.#up.outlet.flush();
  }

  #pushUpstream(item: FlowItem): void {
    const { outlet } = this.#up;
    // A client that is gone waits for nothing; one that only half-closed still does.
    if (this.#paused !== undefined && item !== "reset" && item !== "close") {
      this.#paused.push(item);
      this.#pausedBytes += ITEM_OVERHEAD_BYTES + (isEnding(item) ? 0 : item.length);
      return;
    }
    if (isEnding(item)) {
      this.#up.end(item);
      this.#endSilence();
      return;
    }
    if (this.#phase === "searching") this.#lookForBeginning(item);
    if (this.#phase === "searching" || this.#phase === "pipe") outlet.pass(item);
    else this.#read(this.#up, item, (message) => this.#onRequest(message));
    outlet.flush();
  }

  #pushDownstream(item: FlowItem): void {
    const { outlet } = this.#down;
    if (isEnding(item)) {
      this.#down.end(item);
      this.#endSilence();
      return;
    }
    if (this.#phase === "searching") this.#search.seeReplies(item);
    if (this.#phase === "searching" || this.#phase === "pipe") outlet.pass(item);
    else this.#read(this.#down, item, (message) => this.#onReply(message));
    outlet.flush();
  }

  /** A connection that both sides have left must not stay open because the toxic is silent. */
  #endSilence(): void {
    if (this.#up.hasEnded && this.#down.hasEnded && this.#down.outlet.isSilent) this.#down.outlet.reset();
  }

  #read(from: Side, chunk: Buffer, handle: (message: PgMessage) => Fate): void {
    const { reader, outlet } = from;
    reader.feed(chunk);
    for (let part = reader.next(); part !== undefined; part = reader.next()) {
      if (part.first) from.fate = handle(part.message);
      if (from.fate === "pass") outlet.pass(part.bytes);
      if (this.#isOutOfStep) this.#searchAgain();
      if (!this.#isReading()) {
        outlet.pass(reader.takeRest());
        return;
      }
      if (part.last && from === this.#up && this.#pausesAfterMessage) {
        this.#pausesAfterMessage = false;
        const rest = reader.takeRest();
        this.#paused = rest.length > 0 ? [rest] : [];
        this.#pausedBytes = rest.length;
        return;
      }
    }
    if (reader.complaint !== undefined) {
      if (this.#isProven) this.#giveUp(reader.complaint);
      else this.#searchAgain();
    }
  }

  #isReading(): boolean {
    return this.#phase === "start-up" || this.#phase === "in-step";
  }

  #onRequest(message: PgMessage): Fate {
    if (this.#phase === "start-up") return this.#onStartUp(message);
    const kind = requestKindOf(message.type);
    // The server ignores it, so it is not a request.
    if (this.#queue.skipsToSync && kind !== "sync") return "pass";
    const text = kind === "query" || kind === "execute" ? this.#book.textOf(message) : undefined;
    const result = this.#book.resultOf(message, text);
    const request: PgRequest = { kind, number: message.number, text, result };
    const fate = this.#work.request?.(message, request) ?? "pass";
    if (fate === "pass") this.#book.note(message);
    if (fate === "pass" && text !== undefined) this.#book.noteQuery(text);
    if (fate !== "drop") {
      this.#queue.add(fate === "replace" && kind === "execute" ? { ...request, kind: "replaced" } : request);
    }
    return fate;
  }

  #onStartUp(message: PgMessage): Fate {
    if (message.type === "ssl" || message.type === "gss") {
      this.#down.reader.use(encryptionAnswerFraming);
      return "pass";
    }
    if (message.type === "cancel") {
      // The server acts on it without a reply: there is nothing more to read.
      this.#phase = "pipe";
      return "pass";
    }
    this.#phase = "in-step";
    this.#up.reader.use(frontendFraming);
    this.#queue.add({ kind: "start-up", number: message.number, text: undefined, result: undefined });
    return this.#work.startUp?.(message) ?? "pass";
  }

  #onReply(message: PgMessage): Fate {
    if (message.type === "no-encryption") {
      this.#down.reader.use(backendFraming);
      return "pass";
    }
    const reference = this.#queue.reply(message.type);
    if (reference.kind === "out-of-step") {
      this.#isOutOfStep = true;
      return "pass";
    }
    if (message.type === "Z") this.#isProven = true;
    return this.#work.reply?.(message, reference.request) ?? "pass";
  }

  #lookForBeginning(chunk: Buffer): void {
    if (this.#search.findsBeginning(chunk)) {
      this.#queue = new RequestQueue();
      this.#book = this.#host.earlierStatements()?.copy() ?? new StatementBook();
      this.#up.reader.restart(frontendFraming);
      this.#down.reader.restart(backendFraming);
      this.#isProven = this.#search.sawReady;
      this.#phase = "in-step";
    } else if (!this.#search.hasSeenReplies && looksLikeTls(chunk)) {
      this.#giveUp("TLS: the client sends encrypted records");
    }
  }

  /**
   * What was taken for the beginning of a message was not one, or a reply came that no request had caused.
   */
  #searchAgain(): void {
    this.#isOutOfStep = false;
    this.#stopReading("searching");
    this.#search.restart();
  }

  #giveUp(why: string): void {
    this.#stopReading("pipe");
    this.#host.giveUp(why);
  }

  #stopReading(phase: "searching" | "pipe"): void {
    this.#phase = phase;
    for (const each of [this.#down, this.#up]) each.letGo(this.isEntangled);
    this.resumeUpstream();
  }

  #release(from: Side): void {
    this.#phase = "pipe";
    from.letGo(this.isEntangled);
    if (from === this.#up) this.resumeUpstream();
  }

  #discard(from: Side): void {
    from.reader.takeRest();
    if (from === this.#up) this.#paused = undefined;
    // Nobody receives the pending reply any more.
    else this.resumeUpstream();
  }
}
