import type { Ending, FlowItem } from "../../flow-item.ts";
import type { Exchange } from "./exchange.ts";
import type { ReplyHead, RequestHead } from "./head.ts";

/** Whether a toxic takes the exchange that a request begins: asked once for each request, in order. */
export interface RequestChoice {
  takes(request: RequestHead): boolean;
}

/** What an http toxic does with the exchanges that it takes. */
export type HttpTactic = AnswerTactic | ReplyTactic;

/** A toxic that answers requests itself: the server never gets to see them. */
interface AnswerTactic {
  readonly kind: "answer";
  /** The reply to this request. */
  answer(request: RequestHead): OwnAnswer;
}

/** A reply that the toxic made. */
export interface OwnAnswer {
  readonly bytes: Buffer;
  /** Whether the connection is used on. */
  readonly keepsAlive: boolean;
  /** What was done, for the log: `answered 503`. */
  readonly what: string;
}

/** A toxic that lets requests through, and does something to the replies. */
interface ReplyTactic {
  readonly kind: "reply";
  /** A final reply to a taken exchange begins. It is passed on only if the tactic does so. */
  onHead(exchange: TakenExchange, reply: ReplyHead, bytes: Buffer, output: ReplyOutput): void;
  /** Bytes of its body: payload, or what frames it. */
  onBody(exchange: TakenExchange, bytes: Buffer, isPayload: boolean, output: ReplyOutput): void;
  /** Where everything that goes to the client goes, in order; undefined: straight on. */
  readonly queue?: ReplyQueue;
}

/** An exchange that the toxic has chosen, whose request it has therefore seen. */
export type TakenExchange = Exchange & { readonly request: RequestHead };

/** What a tactic may do with a reply. */
export interface ReplyOutput {
  /** Passes on bytes to the client. */
  pass(bytes: Buffer): void;
  /** Sees to it that what was passed so far has left before what follows. */
  flush(): void;
  /** From here on nothing reaches the client any more, as if the way back were lost. */
  silence(): void;
  /** Ends the connection. */
  finish(ending: Exclude<Ending, "end">): void;
}

/** Holds back what goes to the client. */
export interface ReplyQueue {
  readonly heldBytes: number;
  add(item: FlowItem): void;
  /** The attributes have changed, and with them when what is held may go. */
  reschedule(): void;
  release(): void;
  discard(): void;
}
