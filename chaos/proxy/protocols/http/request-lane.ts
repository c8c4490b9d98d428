import { type FlowItem, isEnding } from "../../flow-item.ts";
import { SliceRun } from "../slice-run.ts";
import { type BodyFraming, requestFraming } from "./body-framing.ts";
import { type Exchange, nameOf } from "./exchange.ts";
import { REQUEST_SYNTAX, type RequestHead } from "./head.ts";
import { MessageReader, type MessageVisitor } from "./message-reader.ts";
import type { HttpTactic, RequestChoice } from "./tactic.ts";
import { beginsTls, Unreadable } from "./unreadable.ts";

/** A request that the toxic will answer is held until it is complete, up to this size. */
export const MAX_REQUEST_BYTES = 1024 * 1024;

/** What the upstream half of a conversation needs from the rest of it. */
export interface RequestLaneOptions {
  readonly choice: RequestChoice;
  readonly tactic: HttpTactic;
  /** Exchanges whose reply has not ended, oldest first. The lane appends to it. */
  readonly exchanges: Exchange[];
  readonly joined: "from-start" | "midway";
  emit(item: FlowItem): void;
  /** A complete request was dropped, since the toxic answers it. */
  onKept(exchange: Exchange, request: RequestHead, bytes: number): void;
  /**
   * The first request begins on a connection that the toxic joined midway; `replyIsDue`: a reply to
   * an earlier one is pending.
   */
  onFound(replyIsDue: boolean): void;
  /** What looked like a first request was not one. */
  onLost(): void;
  /** The client's bytes are not HTTP (any more). */
  onGivenUp(why: string): void;
  /** The toxic may have to answer the client now. */
  onAnswerDue(): void;
}

type State = "searching" | "found" | "reading" | "pipe";

/** Reads the requests of a connection. */
export class RequestLane implements MessageVisitor<RequestHead> {
  readonly #options: RequestLaneOptions;
  readonly #run: SliceRun;
  #reader: MessageReader<RequestHead>;
  #state: State;
  #count = 0;
  /** The held request, and its bytes. */
  #kept: { readonly exchange: Exchange; readonly request: RequestHead } | undefined;
  #keptParts: Buffer[] = [];
  #keptBytes = 0;
  /**
   * Stored in as few slices as it came in, so that a body of tiny chunks does not cost a hundred times its
   * size.
   */
  readonly #keptRun = new SliceRun((bytes) => this.#keptParts.push(bytes));
  #replyIsDue = false;

  constructor(options: RequestLaneOptions) {
    this.#options = options;
    this.#run = new SliceRun((bytes) => options.emit(bytes));
    this.#reader = new MessageReader(REQUEST_SYNTAX, this);
    this.#state = options.joined === "midway" ? "searching" : "reading";
  }

  get heldBytes(): number {
    return this.#keptBytes + this.#reader.heldBytes;
  }

  get isPipe(): boolean {
    return this.#state === "pipe";
  }

  push(item: FlowItem): void {
    if (isEnding(item)) {
      this.#letGo();
      this.#options.emit(item);
      return;
    }
    if (this.#state === "searching") this.#search(item);
    if (this.#state === "searching" || this.#state === "pipe") {
      this.#options.emit(item);
      return;
    }
    this.#reader.read(item);
    this.#keptRun.flush();
    this.#run.flush();
  }

  /** The server has sent bytes although no request had been found yet. */
  noteReply(): void {
    this.#replyIsDue = false;
  }

  /** Passes everything from here on, beginning with what is held. */
  becomePipe(): void {
    this.#state = "pipe";
    this.#letGo();
    this.#reader.becomePipe();
  }

  /** The found request was not one: searches for another. */
  searchAgain(): void {
    this.#letGo();
    this.#reader = new MessageReader(REQUEST_SYNTAX, this);
    this.#state = "searching";
  }

  /** Passes on what is held. */
  release(): void {
    this.#letGo();
  }

  discard(): void {
    this.#forget();
    this.#reader.takeHeld();
  }

  onHead(head: RequestHead, bytes: Buffer): BodyFraming | Unreadable {
    const framing = requestFraming(head);
    if (framing instanceof Unreadable) return framing;
    this.#state = "reading";
    const { choice, tactic, exchanges } = this.#options;
    this.#count += 1;
    const taken = choice.takes(head);
    const exchange: Exchange = { number: this.#count, request: head, taken, own: undefined };
    exchanges.push(exchange);
    if (!taken || tactic.kind !== "answer") {
      this.#run.add(bytes);
      return framing;
    }
    const hasBody = framing.kind !== "length" || framing.bytes > 0;
    exchange.own = { kind: "incoming", awaitsContinue: hasBody && awaitsContinue(head) };
    this.#kept = { exchange, request: head };
    this.#keep(bytes);
    if (exchange.own.awaitsContinue) this.#options.onAnswerDue();
    return framing;
  }

  onBody(bytes: Buffer): void {
    if (this.#kept === undefined) {
      this.#run.add(bytes);
      return;
    }
    this.#keep(bytes);
    if (this.#keptBytes <= MAX_REQUEST_BYTES) return;
    const why = `${nameOf(this.#kept.request)} of more than 1 MiB, which is too much to buffer and answer`;
    this.#giveUp(why);
  }

  onEnd(): void {
    if (this.#kept === undefined) return;
    const { exchange, request } = this.#kept;
    const bytes = this.#keptBytes;
    this.#forget();
    exchange.own = { kind: "due", request };
    this.#options.onKept(exchange, request, bytes);
    this.#options.onAnswerDue();
  }

  onBlank(bytes: Buffer): void {
    this.#run.add(bytes);
  }

  onUnreadable(why: string, bytes: readonly Buffer[]): void {
    this.#letGo();
    for (const part of bytes) this.#run.add(part);
    if (this.#state === "pipe") return;
    if (this.#state !== "found") {
      this.#giveUp(why);
      return;
    }
    this.searchAgain();
    this.#options.onLost();
  }

  #giveUp(why: string): void {
    this.becomePipe();
    this.#options.onGivenUp(why);
  }

  /**
   * Looks for a request on a connection that was already in use: a chunk that begins with a request line and
   * continues with header fields to its end, or to the end of the head. A body that continues with exactly
   * that at the start of a chunk is very unlikely; the toxic would then mistake it for a request, but never
   * loses or reorders bytes.
   */
  #search(bytes: Buffer): void {
    if (beginsTls(bytes)) {
      this.#giveUp("TLS");
    } else if (beginsRequest(bytes)) {
      this.#state = "found";
      this.#options.onFound(this.#replyIsDue);
    } else {
      this.#replyIsDue = true;
    }
  }

  #keep(bytes: Buffer): void {
    this.#keptRun.add(bytes);
    this.#keptBytes += bytes.length;
  }

  #forget(): void {
    this.#keptRun.flush();
    this.#kept = undefined;
    this.#keptParts = [];
    this.#keptBytes = 0;
  }

  /** Passes what is held, so that the server answers it. */
  #letGo(): void {
    if (this.#kept !== undefined) this.#kept.exchange.own = undefined;
    this.#keptRun.flush();
    for (const part of this.#keptParts) this.#run.add(part);
    this.#forget();
    for (const part of this.#reader.takeHeld()) this.#run.add(part);
    this.#run.flush();
  }
}

/** Other methods are legal but rare; a truncated one must not be taken for a method. */
const COMMON_METHOD = /^(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|CONNECT|TRACE) /;

/** RFC 9110, 10.1.1: not for an HTTP/1.0 client, which does not understand the interim reply. */
function awaitsContinue({ minorVersion, fields }: RequestHead): boolean {
  return minorVersion === 1 && fields.listOf("expect").includes("100-continue");
}

function beginsRequest(bytes: Buffer): boolean {
  if (!COMMON_METHOD.test(bytes.toString("latin1", 0, 8))) return false;
  const text = bytes.subarray(0, 64 * 1024).toString("latin1");
  const [head = ""] = text.split(/\r?\n\r?\n/, 1);
  const isWhole = head.length < text.length;
  const lines = head.split(/\r?\n/);
  // The last line of a truncated head may be incomplete.
  const whole = isWhole ? lines : lines.slice(0, -1);
  return whole.length > 0 && !(REQUEST_SYNTAX.read(whole) instanceof Unreadable);
}
