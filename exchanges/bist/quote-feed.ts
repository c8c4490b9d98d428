import type { WebSocket } from "ws";
import type { Clock } from "../../core/index.ts";
import { frozenQuotes } from "../misbehaviors/frozen-quotes.ts";
import { gap } from "../misbehaviors/gap.ts";
import { Switchboard } from "../misbehaviors/switchboard.ts";
import { symbolHalted } from "../misbehaviors/symbol-halted.ts";
import type { SessionVenue } from "../venue.ts";
import { type HeartbeatRule, keepHeartbeat } from "../websocket/heartbeat.ts";
import { FeedSubscriber } from "./feed-subscriber.ts";
import { MarketSession, type Phase } from "./market-session.ts";
import { BIST_SYMBOLS, QuoteWalk, type Touch } from "./quote-walk.ts";

const QUOTE_INTERVAL_MS = 250;
const HEARTBEAT: HeartbeatRule = { pingIntervalMs: 15_000, pongTimeoutMs: 45_000 };

interface Board {
  readonly walk: QuoteWalk;
  /** Increases by one with each message about the symbol. */
  sequence: number;
  isHalted: boolean;
  /** The last quote, which a frozen feed repeats. */
  quote: Touch | undefined;
}

/**
 * An instance of the BIST feed. A client receives the session's phase, sends
 * `{"type":"subscribe","symbols":["THYAO"]}` and then receives, four times a second and numbered without a
 * gap for each symbol:
 *
 * - in continuous trading `{"type":"quote",symbol,bid,ask,last,sequence,atMs}`;
 * - in an auction `{"type":"indicative",symbol,price,quantity,…}`, and at its end one `{"type":"auction",…}`
 *   with the price at which it traded; trading at close repeats that price as `{"type":"trade-at-close",…}`;
 * - `{"type":"halt",symbol,reason}` and `{"type":"resume",symbol}` around a halt, with indicative prices in
 *   between.
 *
 * Nothing is sent while the market is closed.
 */
export class BistFeed implements SessionVenue {
  readonly misbehaviors: Switchboard;
  readonly session = new MarketSession();
  readonly #clock: Clock;
  readonly #boards: readonly Board[];
  readonly #subscribers = new Set<FeedSubscriber>();
  readonly #timer: NodeJS.Timeout;
  #phase: Phase;

  constructor(seed: number, clock: Clock) {
    this.#clock = clock;
    this.misbehaviors = new Switchboard({ venue: "bist", seed, clock });
    this.#phase = this.session.phase;
    this.#boards = BIST_SYMBOLS.map((symbol) => ({
      walk: new QuoteWalk(symbol, seed),
      ...{ sequence: 0, isHalted: false, quote: undefined },
    }));
    this.session.onChange((phase) => this.#enter(phase));
    this.#timer = setInterval(() => this.#beat(), QUOTE_INTERVAL_MS);
    this.#timer.unref();
  }

  connect(socket: WebSocket): void {
    const symbols = BIST_SYMBOLS.map(({ symbol }) => symbol);
    const subscriber = new FeedSubscriber(socket, this.misbehaviors, symbols);
    this.#subscribers.add(subscriber);
    socket.once("close", () => this.#subscribers.delete(subscriber));
    keepHeartbeat(socket, HEARTBEAT, () => socket.terminate());
    subscriber.reply({ type: "session", phase: this.#phase });
  }

  stop(): void {
    clearInterval(this.#timer);
    this.session.stop();
  }

  #enter(phase: Phase): void {
    const ended = this.#phase;
    this.#phase = phase;
    if (ended === "opening-auction" || ended === "closing-auction") {
      for (const board of this.#boards) this.#publish(board, { type: "auction", ...board.walk.uncross() });
    }
    for (const subscriber of this.#subscribers) subscriber.reply({ type: "session", phase });
  }

  #beat(): void {
    const halt = this.misbehaviors.active(symbolHalted);
    for (const board of this.#boards) {
      this.#haltOrResume(board, halt?.symbol === board.walk.symbol ? halt.reason : undefined);
      if (this.#phase === "continuous" && !board.isHalted) this.#quote(board);
      else if (this.#phase.endsWith("auction") || (this.#phase === "continuous" && board.isHalted)) {
        this.#publish(board, { type: "indicative", ...board.walk.collect() });
      } else if (this.#phase === "trading-at-close") {
        this.#publish(board, { type: "trade-at-close", price: board.walk.last });
      }
    }
  }

  #quote(board: Board): void {
    const isFrozen = board.quote !== undefined && this.misbehaviors.bites(frozenQuotes);
    if (!isFrozen || board.quote === undefined) board.quote = board.walk.trade();
    this.#publish(board, { type: "quote", ...board.quote });
  }

  /** During a halt orders are collected; it ends with an auction at one price. */
  #haltOrResume(board: Board, reason: string | undefined): void {
    if (board.isHalted === (reason !== undefined)) return;
    board.isHalted = reason !== undefined;
    if (reason !== undefined) {
      this.misbehaviors.bites(symbolHalted);
      this.#publish(board, { type: "halt", reason });
    } else {
      this.#publish(board, { type: "auction", ...board.walk.uncross() });
      this.#publish(board, { type: "resume" });
    }
  }

  /** Serialized once, whatever the number of listeners. */
  #publish(board: Board, { type, ...message }: Readonly<Record<string, unknown>>): void {
    board.sequence++;
    if (this.misbehaviors.bites(gap)) return;
    const { symbol } = board.walk;
    const place = { sequence: board.sequence, atMs: this.#clock.nowMs() };
    const text = Buffer.from(JSON.stringify({ type, symbol, ...message, ...place }));
    for (const subscriber of this.#subscribers) subscriber.push(symbol, text);
  }
}
