import { type BoundSocket, connect, type OnReadOpts, Socket } from "node:net";
import type { Address } from "./address.ts";
import type { ReadBuffers } from "./read-buffers.ts";

/**
 * A read of at least this size is part of a bulk transfer and is passed on without copying. Smaller reads are
 * copied, which costs less than a buffer for each connection. It is also the sockets' high-water mark, so
 * that a destination that cannot accept such a read whole always emits `drain`.
 */
const BULK_BYTES = 16 * 1024;

/** Half-closes are passed on; no socket waits for more data. */
const SOCKET_OPTIONS = { allowHalfOpen: true, noDelay: true, highWaterMark: BULK_BYTES };

/** Options of a listener whose accepted connections can be adopted before anything is read. */
export const LISTENER_OPTIONS = { ...SOCKET_OPTIONS, pauseOnConnect: true };

/** The receiver of a reader's bytes. */
export interface Reading {
  /** Bytes that the receiver may keep. */
  push(bytes: Buffer): void;
  /**
   * Bytes in memory that is only lent. `in-use`: the receiver needs it after the call, until `reclaim`; `kept`:
   * it gives the memory back itself.
   */
  lend(bytes: Buffer): "free" | "in-use" | "kept";
}

/**
 * A socket that reads into reusable memory. Messages are read into a buffer shared by all sockets, and
 * copied; a bulk transfer has its own buffer, which the destination's write uses directly.
 */
export class SocketReader {
  readonly socket: Socket;
  readonly buffers: ReadBuffers;
  #reading: Reading | undefined;
  /** The buffer for the next read of a bulk transfer. */
  #own: Buffer | undefined;
  /** The buffer that a pending write still reads from. */
  #lent: Buffer | undefined;

  private constructor(buffers: ReadBuffers, open: (onread: OnReadOpts) => Socket) {
    this.buffers = buffers;
    this.socket = open({
      buffer: () => this.#own ?? buffers.shared,
      callback: (count, buffer) => this.#onRead(count, buffer),
    });
    this.socket.once("close", () => this.#release());
  }

  /** Connects to a server. */
  static connect({ host, port }: Address, buffers: ReadBuffers): SocketReader {
    return new SocketReader(buffers, (onread) => connect({ host, port, ...SOCKET_OPTIONS, onread }));
  }

  /**
   * Adopts a connection that a listener with LISTENER_OPTIONS has accepted, paused; its original socket is
   * not used again. A listener has no `onread` option, so the connection's handle is given to a second
   * socket, created as `net.Server` itself creates them.
   */
  static adopt(accepted: Socket, buffers: ReadBuffers): SocketReader {
    const owner = accepted as unknown as { _handle: BoundSocket | null };
    const handle = owner._handle;
    if (handle === null) throw new TypeError("expected an accepted connection, got one that is closed");
    owner._handle = null;
    accepted.destroy();
    return new SocketReader(buffers, (onread) => new Socket({ ...SOCKET_OPTIONS, handle, onread }).pause());
  }

  /** Starts reading. The socket stays paused until it is resumed, if it was paused. */
  start(reading: Reading): void {
    this.#reading = reading;
  }

  /** Takes back the lent buffer: everything written from it has been sent. */
  reclaim(): void {
    if (this.#lent !== undefined) this.buffers.give(this.#lent);
    this.#lent = undefined;
  }

  #onRead(count: number, buffer: Uint8Array): true {
    const own = this.#own;
    if (own === undefined || buffer !== own) {
      this.#reading?.push(Buffer.from(buffer.subarray(0, count)));
      if (count >= BULK_BYTES) this.#own = this.buffers.take();
      return true;
    }
    const use = this.#reading?.lend(own.subarray(0, count));
    if (use === "in-use" || use === "kept") {
      if (use === "in-use") this.#lent = own;
      this.#own = count >= BULK_BYTES ? this.buffers.take() : undefined;
    } else if (count < BULK_BYTES) {
      this.buffers.give(own);
      this.#own = undefined;
    }
    return true;
  }

  #release(): void {
    if (this.#own !== undefined) this.buffers.give(this.#own);
    this.#own = undefined;
    // The other side may still need the lent buffer, so it is left to the garbage collector.
    this.#lent = undefined;
  }
}
