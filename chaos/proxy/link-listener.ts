import type { Server, Socket } from "node:net";
import { debuglog } from "node:util";
import { parseAddress } from "./address.ts";
import { sameListen } from "./listener.ts";
import { PreparedListener } from "./prepared-listener.ts";

const debug = debuglog("kanit-proxy");

export interface LinkListenerOptions {
  /** The name of its link. */
  readonly name: string;
  /** `host:port`; port 0: any. */
  readonly listen: string;
  /** Called with each accepted connection, paused. */
  accept(socket: Socket): void;
  /** It listens on another address from now on. */
  onMoved(): void;
}

/** Where a link listens, or would listen: it keeps its address while it is closed. */
export class LinkListener {
  readonly #options: LinkListenerOptions;
  #listen: string;
  #server: Server | undefined;
  #opening: Promise<void> = Promise.resolve();

  constructor(options: LinkListenerOptions) {
    this.#options = options;
    this.#listen = options.listen;
  }

  /** The address that was bound; before the first time, the one that was asked for. */
  get listen(): string {
    return this.#listen;
  }

  get isOpen(): boolean {
    return this.#server !== undefined;
  }

  /**
   * Waits until it is open, if it is being opened.
   *
   * @throws ApiError 500 when its address could not be bound.
   */
  async settled(): Promise<void> {
    await this.#opening;
  }

  /**
   * Opens it, unless it is open, after what else opens it.
   *
   * @throws ApiError 500 when its address cannot be bound.
   */
  open(): Promise<void> {
    const open = async () => {
      if (this.#server === undefined) this.#use(await PreparedListener.bind(this.#listen));
    };
    this.#opening = this.#opening.then(open, open);
    return this.#opening;
  }

  close(): void {
    this.#server?.close();
    this.#server = undefined;
  }

  /**
   * Binds the address, unless it listens there already (null); port 0 is the port that it has, if the host is the same.
   * Nothing else is changed before `moveTo`.
   *
   * @throws ApiError 500 when the address cannot be bound; then nothing is changed.
   */
  async prepare(listen: string): Promise<PreparedListener | null> {
    await this.#opening.catch(() => undefined);
    const isSame = sameListen(listen, this.#listen);
    if (!this.isOpen) return PreparedListener.bind(isSame ? this.#listen : listen);
    if (isSame) return null;
    if (portOf(listen) !== portOf(this.#listen)) return PreparedListener.bind(listen);
    // The old listener would block the same port on another interface.
    this.close();
    try {
      return await PreparedListener.bind(listen);
    } catch (error) {
      await this.open();
      throw error;
    }
  }

  /** Listens where that was prepared, or would listen there when it is opened again. It cannot fail. */
  moveTo(listen: string, prepared: PreparedListener | null): void {
    if (prepared === null) {
      if (!sameListen(listen, this.#listen)) this.#listen = listen;
      return;
    }
    this.close();
    this.#use(prepared);
  }

  #use(prepared: PreparedListener): void {
    if (prepared.listen !== this.#listen) this.#options.onMoved();
    this.#listen = prepared.listen;
    this.#server = prepared.open((socket) => this.#options.accept(socket));
    this.#server.on("error", (error) => debug("%s: %s", this.#options.name, error.message));
  }
}

function portOf(address: string): number {
  return parseAddress(address, "listen").port;
}
