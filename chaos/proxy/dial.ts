import { parseAddress } from "./address.ts";
import type { ReadBuffers } from "./read-buffers.ts";
import { SocketReader } from "./socket-reader.ts";

/** How long the server behind the link may take to accept before the client is refused. */
const DIAL_TIMEOUT_MS = 5_000;

/**
 * How long a client is kept after its server could not be reached. A RST at once may overtake the client's own
 * `connect`, which then fails as if the link itself were down.
 */
const REFUSAL_DELAY_MS = 10;

export interface DialOptions {
  readonly client: SocketReader;
  /** `host:port` */
  readonly upstream: string;
  readonly readBuffers: ReadBuffers;
  readonly onConnected: (server: SocketReader) => void;
  /** The server cannot be reached, or the client went away meanwhile: the client is disconnected. */
  readonly onTurnedAway: (why: string) => void;
}

/** Connects to the server behind a link for a client that has connected to the link. One of the callbacks is called. */
export function dial({
  client: reader,
  upstream,
  readBuffers,
  onConnected,
  onTurnedAway,
}: DialOptions): void {
  const client = reader.socket;
  const dialed = SocketReader.connect(parseAddress(upstream, "upstream"), readBuffers);
  const server = dialed.socket;
  let isTurnedAway = false;
  const turnAway = (why: string) => {
    if (isTurnedAway) return;
    isTurnedAway = true;
    clearTimeout(timer);
    onTurnedAway(why);
    server.destroy();
    client.resetAndDestroy();
  };
  let timer = setTimeout(() => turnAway(`no answer within ${DIAL_TIMEOUT_MS} ms`), DIAL_TIMEOUT_MS);
  const onError = (error: Error) => {
    clearTimeout(timer);
    if (!client.destroyed) timer = setTimeout(() => turnAway(error.message), REFUSAL_DELAY_MS);
  };
  const onClientGone = () => turnAway("the client went away");
  server.on("error", onError);
  client.on("error", onClientGone);
  client.once("close", onClientGone);
  server.once("connect", () => {
    // A link that closes its connections has just closed this one.
    if (client.destroyed) {
      turnAway("the client went away");
      return;
    }
    clearTimeout(timer);
    server.off("error", onError);
    client.off("error", onClientGone);
    client.off("close", onClientGone);
    onConnected(dialed);
  });
}
