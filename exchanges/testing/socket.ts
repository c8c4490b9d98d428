import { once } from "node:events";
import { WebSocket } from "ws";

/** A WebSocket client that keeps the messages it receives, for tests to wait for. */
export class TestSocket implements AsyncDisposable {
  readonly messages: Buffer[] = [];
  readonly socket: WebSocket;
  readonly #parsed: unknown[] = [];
  #onMessage: () => void = () => undefined;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on("message", (data: Buffer) => {
      this.messages.push(data);
      this.#onMessage();
    });
  }

  static async open(url: string, options: { autoPong?: boolean } = {}): Promise<TestSocket> {
    const socket = new TestSocket(new WebSocket(url, options));
    await once(socket.socket, "open");
    return socket;
  }

  get texts(): string[] {
    return this.messages.map((message) => message.toString());
  }

  // biome-ignore lint/suspicious/noExplicitAny: a test says itself which shape it expects
  get parsed(): any[] {
    for (const message of this.messages.slice(this.#parsed.length))
      this.#parsed.push(JSON.parse(message.toString()));
    return this.#parsed;
  }

  send(message: unknown): void {
    this.socket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  /** Resolves as soon as `condition` holds for the received messages. */
  async until(condition: (socket: this) => boolean): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#onMessage = () => {
        if (condition(this)) resolve();
      };
      this.#onMessage();
    });
    this.#onMessage = () => undefined;
  }

  /** Resolves with the first message that `wanted` accepts. */
  // biome-ignore lint/suspicious/noExplicitAny: a test says itself which shape it expects
  async message(wanted: (message: any) => boolean): Promise<any> {
    await this.until(({ parsed }) => parsed.some(wanted));
    return this.parsed.find(wanted);
  }

  /** Resolves with the close code. */
  async closed(): Promise<number> {
    const [code] = await once(this.socket, "close");
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.terminate();
  }
}
