import type { WebSocket } from "ws";
import { z } from "zod";
import { parseJson } from "../json-text.ts";
import type { Switchboard } from "../misbehaviors/switchboard.ts";
import { onClientText } from "../websocket/client-boundary.ts";
import { MarketSocket } from "../websocket/market-socket.ts";

const commandSchema = z.object({
  type: z.enum(["subscribe", "unsubscribe"]),
  /** Absent: every symbol. */
  symbols: z.array(z.string()).optional(),
});

/** One connection to the feed and the symbols that it subscribed to. */
export class FeedSubscriber {
  readonly #socket: MarketSocket;
  readonly #known: readonly string[];
  readonly #symbols = new Set<string>();

  constructor(socket: WebSocket, misbehaviors: Switchboard, known: readonly string[]) {
    this.#socket = new MarketSocket(socket, misbehaviors);
    this.#known = known;
    onClientText(socket, (text) => this.#onMessage(text));
  }

  /** Sends a symbol's message, if it is subscribed to. */
  push(symbol: string, text: Buffer): void {
    if (this.#symbols.has(symbol)) this.#socket.push(text);
  }

  /** Sends a message that needs no subscription. */
  reply(message: unknown): void {
    this.#socket.reply(JSON.stringify(message));
  }

  #onMessage(text: string): void {
    const json = parseJson(text);
    const read = commandSchema.safeParse(json.kind === "json" ? json.value : undefined);
    if (!read.success) {
      this.reply({ type: "error", message: "Expected {type, symbols}." });
      return;
    }
    for (const symbol of this.#known) {
      if (read.data.symbols?.includes(symbol) === false) continue;
      if (read.data.type === "subscribe") this.#symbols.add(symbol);
      else this.#symbols.delete(symbol);
    }
    this.reply({ type: "subscribed", symbols: [...this.#symbols] });
  }
}
