import { WebSocket } from "ws";
import { silentStream } from "../misbehaviors/silent-stream.ts";
import type { Switchboard } from "../misbehaviors/switchboard.ts";
import { sendTogether } from "./carrier.ts";

/** The limit of bytes that wait for a slow reader before it is disconnected, as the venues do. */
export const SLOW_READER_LIMIT_BYTES = 8 * 1024 * 1024;

/**
 * A client's socket for market data: limited in its buffer, and silent while the misbehavior `silent-stream`
 * is active.
 */
export class MarketSocket {
  readonly socket: WebSocket;
  readonly #misbehaviors: Switchboard;
  readonly #worded: (text: Buffer | string) => Buffer | string;
  #askedIn: number | undefined;
  #isSilent = false;

  /** `worded` writes a message as this client has asked for it. */
  constructor(
    socket: WebSocket,
    misbehaviors: Switchboard,
    worded: (text: Buffer | string) => Buffer | string = (text) => text,
  ) {
    this.socket = socket;
    this.#misbehaviors = misbehaviors;
    this.#worded = worded;
  }

  /** Sends market data, unless this socket is to be silent. */
  push(text: Buffer): void {
    if (this.#silenced()) return;
    sendTogether(this.socket);
    this.reply(text);
  }

  /** Sends an answer to the client's own message, even on a silent socket. */
  reply(text: Buffer | string): void {
    if (this.socket.readyState !== WebSocket.OPEN) return;
    if (this.socket.bufferedAmount > SLOW_READER_LIMIT_BYTES) {
      this.socket.terminate();
      return;
    }
    this.socket.send(this.#worded(text), { binary: false });
  }

  /** Counts one occasion per socket each time the misbehavior is enabled. */
  #silenced(): boolean {
    const activation = this.#misbehaviors.activationOf(silentStream);
    if (activation === undefined) return false;
    if (activation !== this.#askedIn) {
      this.#askedIn = activation;
      this.#isSilent = this.#misbehaviors.bites(silentStream);
    }
    return this.#isSilent;
  }
}
