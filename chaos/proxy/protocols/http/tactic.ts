import type { Ending, FlowItem } from "../../flow-item.ts";
import type { Exchange } from "./exchange.ts";
import type { ReplyHead, RequestHead } from "./head.ts";

/** Whether a toxic affects the exchange that a request begins: called once for each request, in order. */
export interface RequestChoice {
  takes(request: RequestHead): boolean;
}

/** What an http toxic does with the exchanges that it affects. */
export type HttpTactic = AnswerTactic | ReplyTactic;

/** A toxic that answers requests itself: the server does not receive them. */
interface AnswerTactic {
  readonly kind: "answer";
  /** The reply to this request. */
  answer(request: RequestHead): OwnAnswer;
}

/** A reply that the toxic made. */
export interface OwnAnswer {
  readonly bytes: Buffer;
  /** Whether the connection stays open. */
  readonly keepsAlive: boolean;
  /** The action, for the log: `answered 503`. */
  readonly what: string;
}

/** A toxic that lets requests pass and changes the replies. */
interface ReplyTactic {
  readonly kind: "reply";
  /** A final reply to an affected exchange begins. It is passed on only if the tactic does so. */
  onHead(exchange: TakenExchange, reply: ReplyHead, bytes: Buffer, output: ReplyOutput): void;
  /** Bytes of its body: payload, or its framing. */
  onBody(exchange: TakenExchange, bytes: Buffer, isPayload: boolean, output: ReplyOutput): void;
  /** Where everything for the client goes, in order; undefined: directly to the client. */
  readonly queue?: ReplyQueue;
}

/** An exchange that the toxic has chosen, so its request is known. */
export type TakenExchange = Exchange & { readonly request: RequestHead };

/** What a tactic may do with a reply. */
export interface ReplyOutput {
  /** Passes bytes to the client. */
  pass(bytes: Buffer): void;
  /** Sends everything passed so far before what follows. */
  flush(): void;
  /** From here on nothing reaches the client, as if the return path were lost. */
  silence(): void;
  /** Ends the connection. */
  finish(ending: Exclude<Ending, "end">): void;
}

/** Delays what goes to the client. */
export interface ReplyQueue {
  readonly heldBytes: number;
  add(item: FlowItem): void;
  /** The attributes have changed, and with them the delay of what is held. */
  reschedule(): void;
  release(): void;
  discard(): void;
}
