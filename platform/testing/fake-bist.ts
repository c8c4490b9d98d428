import { type LoopbackServer, startLoopbackServer } from "./loopback-server.ts";

/** A small BIST feed for tests. */
export class FakeBist {
  #server: LoopbackServer | undefined;
  #sequence = 0;

  get webSocketUrl(): string {
    return `ws://127.0.0.1:${this.#server?.port}`;
  }

  async start(): Promise<void> {
    this.#server = await startLoopbackServer(
      (_request, response) => response.writeHead(404).end(),
      (socket) => socket.send(JSON.stringify({ type: "session", phase: "continuous" })),
    );
  }

  async stop(): Promise<void> {
    await this.#server?.stop();
  }

  quote(bid: string, ask: string): void {
    this.#sequence += 1;
    const quote = {
      type: "quote",
      symbol: "THYAO",
      bid,
      ask,
      last: bid,
      sequence: this.#sequence,
      atMs: Date.now(),
    };
    for (const socket of this.#server?.sockets ?? []) socket.send(JSON.stringify(quote));
  }
}
