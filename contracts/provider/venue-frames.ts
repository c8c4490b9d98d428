import { UnavailableError } from "../../core/index.ts";
import { openWebSocket } from "../../network/index.ts";
import type { Provider } from "../matching/pact-file.ts";
import type { VenueUnderVerification } from "./venue-under-verification.ts";

/** Returns one frame of each kind that a pact names, by its description, as JSON text. */
export type FrameSource = Readonly<Record<string, () => Promise<string>>>;

const DEADLINE_MS = 15_000;

/** How to obtain a frame. */
interface Subscription {
  readonly path: string;
  /** The message to send first; null: the path is enough. */
  readonly hello: string | null;
  /** How the wanted frame begins. */
  readonly start: string;
}

const BTCTURK_BOOK = {
  path: "/",
  hello: '[151,{"type":151,"channel":"obdiff","event":"BTCUSDT","join":true}]',
} as const;

const SUBSCRIPTIONS: Readonly<Record<Provider, Readonly<Record<string, Subscription>>>> = {
  "binance-spot": {
    "a change of the book": { path: "/stream?streams=btcusdt@depth@100ms", hello: null, start: '{"stream"' },
  },
  btcturk: {
    "a whole book": { ...BTCTURK_BOOK, start: "[431," },
    "a change of the book": { ...BTCTURK_BOOK, start: "[432," },
  },
};

/**
 * The frames that the venue sends to a subscriber. Each throws UnavailableError `no-frame` when none comes in
 * 15 s.
 */
export function venueFrames({ provider, webSocketUrl, allowedHosts }: VenueUnderVerification): FrameSource {
  if (webSocketUrl === null) return {};
  return Object.fromEntries(
    Object.entries(SUBSCRIPTIONS[provider]).map(([description, subscription]) => [
      description,
      () => frameOf(webSocketUrl, allowedHosts, subscription),
    ]),
  );
}

function frameOf(
  webSocketUrl: string,
  allowedHosts: readonly string[],
  { path, hello, start }: Subscription,
): Promise<string> {
  const url = `${webSocketUrl.replace(/\/$/, "")}${path}`;
  return new Promise((resolve, reject) => {
    const socket = openWebSocket(url, allowedHosts);
    const fail = (received: string, cause?: unknown) => {
      clearTimeout(timer);
      socket.terminate();
      reject(
        new UnavailableError({
          code: "no-frame",
          message: `Expected a frame that begins with ${start} from ${url}, got ${received}.`,
          nextStep: "Check that the venue's WebSocket listens there and that its prices change.",
          cause,
        }),
      );
    };
    const timer = setTimeout(() => fail(`none in ${DEADLINE_MS / 1_000} s`), DEADLINE_MS);
    socket.on("open", () => hello !== null && socket.send(hello));
    socket.on("error", (cause) => fail(cause.message, cause));
    socket.on("close", (code) => fail(`the end of the connection (${code})`));
    socket.on("message", (data) => {
      const text = String(data);
      if (!text.startsWith(start)) return;
      clearTimeout(timer);
      resolve(text);
      socket.terminate();
    });
  });
}
