import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { ownModule } from "../../installation/index.ts";

/** A pause in which the server answers nothing, and how it recovers. */
export interface Stall {
  /** Counted from the first measured request. */
  readonly afterMs: number;
  readonly stallMs: number;
  /** How many waiting requests it answers per second afterwards, oldest first. */
  readonly drainRps: number;
}

/** The true times of the measured requests, in the order of arrival, on the epoch clock. */
export interface ServerRecord {
  readonly arrivedAtEpochMs: Float64Array;
  /** NaN for those without an answer so far. */
  readonly answeredAtEpochMs: Float64Array;
  /** The number that each request carries as `?n=`; otherwise its place in the order of arrival. */
  readonly numbers: Int32Array;
}

/** A server with known behavior, to check a load generator against. */
export interface ReferenceServer extends AsyncDisposable {
  /** Requests for `/load` below it are measured; all others are answered in the same way. */
  readonly baseUrl: string;
  /** Makes the next measured requests stall. */
  planStall(stall: Stall): void;
  /** Returns the record since the last call, and starts a new one without a stall. */
  takeRecord(): Promise<ServerRecord>;
}

/** Messages to the server's thread. */
export type ToServer = { readonly type: "stall"; readonly stall: Stall } | { readonly type: "take-record" };

/** Messages from the server's thread. */
export type FromServer =
  | { readonly type: "listening"; readonly port: number }
  | { readonly type: "record"; readonly record: ServerRecord };

/**
 * Starts a server on loopback, in its own thread, that answers at once except during a requested stall, and
 * records when each request arrived and was answered. A generator's report is compared with this record,
 * which is taken at the other end of the connection and shares no code with the generator.
 */
export async function startReferenceServer(): Promise<ReferenceServer> {
  const worker = new Worker(ownModule("./main.ts", import.meta.url), { name: "reference-server" });
  const nextMessage = async <T extends FromServer["type"]>(type: T) => {
    const [message] = (await once(worker, "message")) as [FromServer];
    if (message.type !== type) throw new TypeError(`Expected ${type} of the server, got ${message.type}.`);
    return message as Extract<FromServer, { type: T }>;
  };
  const send = (message: ToServer): void => worker.postMessage(message);
  const { port } = await nextMessage("listening");
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    planStall: (stall) => send({ type: "stall", stall }),
    takeRecord: async () => {
      const record = nextMessage("record");
      send({ type: "take-record" });
      return (await record).record;
    },
    [Symbol.asyncDispose]: async () => {
      await worker.terminate();
    },
  };
}
