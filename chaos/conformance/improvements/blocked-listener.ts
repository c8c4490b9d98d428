import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { Worker } from "node:worker_threads";

/** Its thread blocks as soon as it listens, with a backlog of one connection, so that nobody ever accepts. */
const SOURCE = `
  const { createServer } = require("node:net");
  const { parentPort } = require("node:worker_threads");
  const server = createServer().listen({ host: "127.0.0.1", port: 0, backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
  });
`;

/**
 * More than a backlog of one holds: the kernel then drops further connection attempts, as a dead host does.
 */
const FILLERS = 4;

/** A port on loopback that neither accepts nor refuses connections. */
export class BlockedListener implements AsyncDisposable {
  readonly address: string;
  readonly #worker: Worker;
  readonly #fillers: Socket[];

  private constructor(address: string, worker: Worker, fillers: Socket[]) {
    this.address = address;
    this.#worker = worker;
    this.#fillers = fillers;
  }

  static async start(): Promise<BlockedListener> {
    const worker = new Worker(SOURCE, { eval: true });
    const [port] = (await once(worker, "message")) as [number];
    const fillers = Array.from({ length: FILLERS }, () => connect({ host: "127.0.0.1", port }));
    for (const filler of fillers) filler.on("error", () => filler.destroy());
    if (fillers[0] !== undefined) await once(fillers[0], "connect");
    return new BlockedListener(`127.0.0.1:${port}`, worker, fillers);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const filler of this.#fillers) filler.destroy();
    await this.#worker.terminate();
  }
}
