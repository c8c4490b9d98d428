import { EXIT_CODE, KanitError, UnavailableError } from "../../core/index.ts";
import { createControlServer } from "./api/control-server.ts";
import { populateFromFile } from "./config-file.ts";
import type { LeaseEnd } from "./leases/lease-book.ts";
import { LinkCollection } from "./link-collection.ts";
import type { LinkFence } from "./link-fence.ts";

export interface FaultProxyOptions {
  /** The port of the control API on 127.0.0.1; 0: any. */
  readonly port: number;
  /** Determines every seeded decision. */
  readonly seed: number;
  /** The addresses that links may connect to and listen on; absent: any. */
  readonly fence?: LinkFence;
  /** The token that clients of the control API must send; absent: every program of this machine may use it. */
  readonly controlToken?: string | null;
  /** Whether a request's body with a field that has no effect is refused; absent: a warning in the answer. */
  readonly strict?: boolean;
  /** A file with the links to begin with, as for `POST /populate`; absent or null: none. */
  readonly configFile?: string | null;
  /** Called for each lease that ended. */
  readonly onLeaseEnd?: (end: LeaseEnd) => void;
}

/** A running fault proxy. */
export interface StartedFaultProxy extends AsyncDisposable {
  /** The address of its control API: `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** Closes the control API, every link and every connection. */
  stop(): Promise<void>;
}

/**
 * Starts the fault proxy in this process, its control API on loopback only.
 *
 * @throws UnavailableError `port-taken` and the like, when the port cannot be bound; UsageError for a
 * configuration that
 *   cannot be made.
 */
export async function startFaultProxy(options: FaultProxyOptions): Promise<StartedFaultProxy> {
  const links = new LinkCollection(options);
  const { controlToken = null, strict = false, configFile = null } = options;
  const server = createControlServer(links, { token: controlToken, strict });
  try {
    // Before the control API listens: whoever reaches it finds the links.
    if (configFile !== null) await populateFromFile(links, configFile);
    await new Promise<void>((resolve, reject) => {
      server.once("error", (cause) => reject(cannotListen(options.port, cause)));
      server.listen({ host: "127.0.0.1", port: options.port }, resolve);
    });
  } catch (error) {
    await links.close();
    throw error;
  }
  const address = server.address();
  if (address === null || typeof address === "string") {
    throw new KanitError({
      code: "no-control-port",
      message: `Expected the control API to have a TCP port, got ${String(address)}.`,
      nextStep: "This is a bug in kanit.",
      exitCode: EXIT_CODE.internal,
    });
  }
  const stop = async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await links.close();
    await closed;
  };
  return { url: `http://127.0.0.1:${address.port}`, stop, [Symbol.asyncDispose]: stop };
}

function cannotListen(port: number, cause: Error): UnavailableError {
  return new UnavailableError({
    code: "port-taken",
    message: `Expected to listen on 127.0.0.1:${port} for the fault proxy's control API, got: ${cause.message}.`,
    nextStep: "Choose another --port, or 0 for any free one.",
    cause,
  });
}
