import type { WebSocket } from "ws";
import type { Switchboard } from "../../misbehaviors/switchboard.ts";
import { onClientText } from "../../websocket/client-boundary.ts";
import { closeSoon } from "../../websocket/close-soon.ts";
import { MarketSocket } from "../../websocket/market-socket.ts";
import { type Login, readClientFrame } from "./client-frame.ts";
import { ackFrame, type BookFrame, loginFrame, MODEL, welcomeFrame } from "./frames.ts";

/** More channels than the venue has; a client that keeps joining more is disconnected. */
const MAX_CHANNELS = 10_000;
const POLICY_VIOLATION = 1008;

/** What a connection needs from the feed. */
export interface FeedChannels {
  joined(client: FeedClient, key: string): void;
  left(client: FeedClient, key: string): void;
  /** The client requests a channel's model again. */
  requested(client: FeedClient, key: string, model: number): void;
  /** Checks a login and enables the account's frames. Returns the reason when it is refused. */
  loggedIn(client: FeedClient, login: Login): string | undefined;
  closed(client: FeedClient): void;
}

/**
 * One connection to the feed: it joins channels of pairs, and its book frames have a numbering of their own.
 */
export class FeedClient {
  readonly #socket: MarketSocket;
  readonly #channels: FeedChannels;
  /** The last change set number of each joined channel, by `channel:event`. */
  readonly #changeSets = new Map<string, number>();
  readonly #firstChangeSet: () => number;

  constructor(
    socket: WebSocket,
    channels: FeedChannels,
    options: { misbehaviors: Switchboard; firstChangeSet: () => number },
  ) {
    this.#socket = new MarketSocket(socket, options.misbehaviors);
    this.#channels = channels;
    this.#firstChangeSet = options.firstChangeSet;
    onClientText(socket, (text) => this.#onMessage(text));
    socket.once("close", () => {
      for (const key of this.#changeSets.keys()) channels.left(this, key);
      channels.closed(this);
    });
    this.#socket.reply(welcomeFrame());
  }

  /** Sends a frame that is the same for every client. */
  push(text: Buffer): void {
    this.#socket.push(text);
  }

  /**
   * Sends a book frame with the subscription's next number. When the frame is not sent, its number is
   * skipped.
   */
  pushBook(key: string, bookFrame: BookFrame, isSwallowed = false): void {
    const changeSet = (this.#changeSets.get(key) ?? 0) + 1;
    this.#changeSets.set(key, changeSet);
    if (!isSwallowed) this.#socket.push(bookFrame.numbered(changeSet));
  }

  /** Malformed messages get no answer; unknown pairs and channels can be joined and stay silent. */
  #onMessage(text: string): void {
    const read = readClientFrame(text);
    if (read === undefined) return;
    const [type, model] = read;
    switch (type) {
      case MODEL.subscribe:
        this.#subscribe(model);
        return;
      case MODEL.request:
        this.#channels.requested(this, `${model.channel}:${model.event}`, model.code);
        return;
      case MODEL.login: {
        const refusal = this.#channels.loggedIn(this, model);
        this.#socket.reply(loginFrame(refusal === undefined, refusal ?? "SUCCESS"));
      }
    }
  }

  #subscribe({ channel, event, join }: { channel: string; event: string; join: boolean }): void {
    const key = `${channel}:${event}`;
    const isJoined = this.#changeSets.has(key);
    this.#socket.reply(ackFrame(join !== isJoined, join, channel, event));
    if (join === isJoined) return;
    if (join && this.#changeSets.size >= MAX_CHANNELS) {
      closeSoon(this.#socket.socket, POLICY_VIOLATION, "Too many channels");
    } else if (join) {
      this.#changeSets.set(key, this.#firstChangeSet());
      this.#channels.joined(this, key);
    } else {
      this.#changeSets.delete(key);
      this.#channels.left(this, key);
    }
  }
}
