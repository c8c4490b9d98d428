import { createServer, type Server, type Socket } from "node:net";
import { listenOn } from "./listener.ts";
import { LISTENER_OPTIONS } from "./socket-reader.ts";

/**
 * A listener that is bound before a change that needs it is made, so that the change cannot fail any more.
 * Connections wait until it is opened, and end with it when it is discarded.
 */
export class PreparedListener {
  /** The address that was bound. */
  readonly listen: string;
  readonly server: Server;
  readonly #waiting: Socket[];

  private constructor(listen: string, server: Server, waiting: Socket[]) {
    this.listen = listen;
    this.server = server;
    this.#waiting = waiting;
  }

  /** @throws ApiError 500 when the address cannot be bound. */
  static async bind(listen: string): Promise<PreparedListener> {
    const waiting: Socket[] = [];
    const server = createServer(LISTENER_OPTIONS, (socket) => waiting.push(socket));
    return new PreparedListener(await listenOn(server, listen), server, waiting);
  }

  /** Passes on connections, those that wait when the current change is complete. */
  open(accept: (socket: Socket) => void): Server {
    this.server.removeAllListeners("connection").on("connection", accept);
    setImmediate(() => {
      for (const socket of this.#waiting.splice(0)) if (!socket.destroyed) accept(socket);
    });
    return this.server;
  }

  discard(): void {
    this.server.close();
    for (const socket of this.#waiting.splice(0)) socket.destroy();
  }
}
