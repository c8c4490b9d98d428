import { type Ending, type FlowItem, isEnding } from "../../flow-item.ts";
import { SliceRun } from "../slice-run.ts";
import { type BodyFraming, replyFraming } from "./body-framing.ts";
import type { Exchange } from "./exchange.ts";
import { keepsAlive, REPLY_SYNTAX, type ReplyHead } from "./head.ts";
import { MessageReader, type MessageVisitor } from "./message-reader.ts";
import type { HttpTactic, ReplyOutput, TakenExchange } from "./tactic.ts";
import { Unreadable } from "./unreadable.ts";

/** What the downstream half of a conversation needs from the rest of it. */
export interface ReplyLaneOptions {
  readonly tactic: HttpTactic;
  /** Exchanges whose reply has not ended, oldest first. The lane removes them. */
  readonly exchanges: Exchange[];
  readonly joined: "from-start" | "midway";
  emit(item: FlowItem): void;
  /** Counts the server's bytes that never reach the client. */
  bite(bytes: number): void;
  /** The client's direction is a pipe: no further request will be recognized. */
  requestsArePipe(): boolean;
  /** Bytes passed before the first request was found. */
  onUnknown(): void;
  /** The first reply does not belong to the first request: both have to be searched for again. */
  onMispaired(): void;
  /** From here on the connection is not HTTP; `why` is undefined when both sides agreed on that. */
  onPipe(why: string | undefined): void;
}

/**
 * The states of a lane:
 *
 * - `waiting`: a connection that the toxic joined midway, on which no request was found: everything passes;
 * - `silent`: nothing reaches the client any more;
 * - `over`: the toxic has ended the connection.
 */
type State = "waiting" | "reading" | "pipe" | "silent" | "over";

const CONTINUE = Buffer.from("HTTP/1.1 100 Continue\r\n\r\n");

/** Reads the replies of a connection, and matches them with their requests. */
export class ReplyLane implements MessageVisitor<ReplyHead>, ReplyOutput {
  readonly #options: ReplyLaneOptions;
  readonly #run: SliceRun;
  #reader = new MessageReader(REPLY_SYNTAX, this);
  #state: State;
  /** Whether a reply has been read since a request was found, which proves that the two belong together. */
  #isPaired: boolean;
  /** The exchange of the current reply. */
  #current: Exchange | undefined;
  #isInterim = false;
  #serverCloses = false;
  #heldEnd = false;

  constructor(options: ReplyLaneOptions) {
    this.#options = options;
    this.#run = new SliceRun((bytes) => this.#give(bytes));
    this.#state = options.joined === "midway" ? "waiting" : "reading";
    this.#isPaired = options.joined === "from-start";
  }

  get heldBytes(): number {
    return this.#reader.heldBytes + (this.#queue?.heldBytes ?? 0);
  }

  push(item: FlowItem): void {
    if (isEnding(item)) {
      this.#end(item);
    } else if (this.#state === "silent") {
      this.#options.bite(item.length);
    } else if (this.#state === "reading") {
      this.#reader.read(item);
      this.#run.flush();
    } else if (this.#state !== "over") {
      if (this.#state === "waiting") this.#options.onUnknown();
      this.#give(item);
    }
  }

  /** Starts reading: the next bytes begin a reply to the oldest exchange. */
  start(): void {
    this.#state = "reading";
  }

  /** Passes everything until a request is found. */
  wait(): void {
    this.#passHeld();
    this.#options.exchanges.length = 0;
    this.#reader = new MessageReader(REPLY_SYNTAX, this);
    this.#isPaired = false;
    this.#state = "waiting";
  }

  /** No further requests are recognized: reads only as long as a known one is open. */
  settle(): void {
    const isOpen = this.#options.exchanges.length > 0;
    if (this.#state === "reading" && !isOpen && this.#options.requestsArePipe()) this.#pipe();
  }

  /** Sends the client the toxic's own answers, as far as it is their turn. */
  advance(): void {
    const { exchanges, tactic } = this.#options;
    if (this.#state !== "reading" || this.#reader.isWithinMessage) return;
    for (let own = exchanges[0]?.own; own !== undefined; own = exchanges[0]?.own) {
      if (own.kind === "incoming") {
        if (own.awaitsContinue) this.pass(CONTINUE);
        own.awaitsContinue = false;
        break;
      }
      exchanges.shift();
      if (tactic.kind !== "answer")
        throw new TypeError("a toxic that does not answer must not be asked for one");
      const { bytes, keepsAlive: staysOpen } = tactic.answer(own.request);
      this.pass(bytes);
      if (!staysOpen) {
        this.finish("close");
        return;
      }
    }
    this.flush();
    if (this.#heldEnd && exchanges[0]?.own === undefined) this.#giveEnd();
  }

  release(): void {
    if (this.#state === "over") return;
    this.#passHeld();
    this.#queue?.release();
    // The replies no longer match the client's requests, and a request that is still open will get no reply.
    // Passing on later replies would answer the wrong requests.
    if (this.#state === "silent" || this.#owesAnswer()) this.finish("close");
    else if (this.#heldEnd) this.#giveEnd();
  }

  discard(): void {
    this.#reader.takeHeld();
    this.#queue?.discard();
    this.#state = "over";
  }

  pass(bytes: Buffer): void {
    if (this.#state !== "over" && this.#state !== "silent") this.#run.add(bytes);
  }

  flush(): void {
    this.#run.flush();
  }

  silence(): void {
    this.flush();
    this.#state = "silent";
  }

  finish(ending: Exclude<Ending, "end">): void {
    this.flush();
    this.#state = "over";
    this.#give(ending);
  }

  onHead(head: ReplyHead, bytes: Buffer): BodyFraming | Unreadable {
    if (this.#isDone()) {
      this.onBody(bytes);
      return { kind: "tunnel" };
    }
    // The toxic itself answers this exchange, so the server's reply belongs to no request.
    const [oldest] = this.#options.exchanges;
    const exchange = oldest?.own === undefined ? oldest : undefined;
    const framing = replyFraming(head, exchange?.request?.method);
    if (framing instanceof Unreadable) return framing;
    this.#isInterim = head.status < 200 && head.status !== 101;
    if (oldest === undefined && !this.#isInterim && this.#options.joined === "midway") {
      // One more reply than requests: one was pending before the toxic joined, and all
      // since were matched wrongly.
      this.pass(bytes);
      this.#options.onMispaired();
      return { kind: "tunnel" };
    }
    this.#isPaired = true;
    if (this.#isInterim) {
      this.pass(bytes);
      return framing;
    }
    this.#current = exchange;
    this.#serverCloses = framing.kind === "until-close" || !keepsAlive(head);
    const { tactic } = this.#options;
    if (tactic.kind === "reply" && isTaken(exchange)) tactic.onHead(exchange, head, bytes, this);
    else this.pass(bytes);
    if (framing.kind === "tunnel" && !this.#isDone()) this.#becomePipe(undefined);
    return framing;
  }

  onBody(bytes: Buffer, isPayload = false): void {
    const { tactic } = this.#options;
    if (this.#isDone()) {
      if (this.#state === "silent") this.#options.bite(bytes.length);
    } else if (tactic.kind === "reply" && isTaken(this.#current)) {
      tactic.onBody(this.#current, bytes, isPayload, this);
    } else this.pass(bytes);
  }

  onEnd(): void {
    if (this.#isInterim || this.#isDone()) return;
    if (this.#current !== undefined) this.#options.exchanges.shift();
    this.#current = undefined;
    if (this.#serverCloses) this.#options.exchanges.length = 0;
    this.settle();
    this.advance();
  }

  onBlank(bytes: Buffer): void {
    this.pass(bytes);
  }

  onUnreadable(why: string, bytes: readonly Buffer[]): void {
    for (const part of bytes) this.pass(part);
    this.flush();
    if (this.#isDone()) return;
    const owesAnswer = this.#owesAnswer();
    if (!this.#isPaired && !owesAnswer) {
      this.#options.onMispaired();
      return;
    }
    this.#becomePipe(why);
    // The start of the client's next reply is unknown now, so the toxic cannot send one either.
    if (owesAnswer) this.finish("close");
  }

  get #queue() {
    const { tactic } = this.#options;
    return tactic.kind === "reply" ? tactic.queue : undefined;
  }

  #give(item: FlowItem): void {
    if (this.#queue === undefined) this.#options.emit(item);
    else this.#queue.add(item);
  }

  #end(item: Ending): void {
    // A lost direction carries no FIN either.
    if (this.#isDone()) return;
    this.#passHeld();
    if (item === "end" && this.#state === "reading") {
      this.#reader.end();
      this.#heldEnd = this.#options.exchanges[0]?.own !== undefined;
      if (this.#heldEnd) return;
    }
    this.#give(item);
  }

  #giveEnd(): void {
    this.#heldEnd = false;
    this.#give("end");
  }

  #passHeld(): void {
    for (const part of this.#reader.takeHeld()) this.pass(part);
    this.flush();
  }

  #becomePipe(why: string | undefined): void {
    this.#options.onPipe(why);
    this.#pipe();
  }

  #pipe(): void {
    this.#current = undefined;
    this.#options.exchanges.length = 0;
    this.#passHeld();
    this.#reader.becomePipe();
    this.#state = "pipe";
  }

  #isDone(): boolean {
    return this.#state === "silent" || this.#state === "over";
  }

  /** Whether the client waits for a reply that only the toxic could send. */
  #owesAnswer(): boolean {
    return this.#options.exchanges.some(({ own }) => own?.kind === "due");
  }
}

function isTaken(exchange: Exchange | undefined): exchange is TakenExchange {
  return exchange?.taken === true && exchange.request !== undefined;
}
