import { QuoteMessages } from "../../api/index.ts";
import type { PlatformDefinition } from "../../definition/index.ts";
import { churnSockets } from "./probes/churn-sockets.ts";
import { QuoteRecorder, type RecordedQuotes } from "./probes/quote-recorder.ts";

/** Enough to stand out from the few sockets that are open anyway; they are closed long before sockets are counted. */
const CHURNED_SOCKETS = 10;
/** The load's quote socket, and the recorder's. */
const OPEN_SOCKETS = 2;
const NOTHING_RECORDED: RecordedQuotes = { count: 0, crossed: [], last: [] };

/** Watches the quotes that a platform pushes as clients see them, where it pushes any. */
export class QuoteWatch implements AsyncDisposable {
  /** Resolves when the sockets that were opened for a moment are closed. */
  readonly churned: Promise<unknown>;
  readonly #recorder: QuoteRecorder | null;

  /** @param symbol What clients trade. */
  constructor(platform: Pick<PlatformDefinition, "api" | "venues">, baseUrl: string, symbol: string) {
    const { quoteStream } = platform.api;
    if (quoteStream === null) {
      this.churned = Promise.resolve();
      this.#recorder = null;
      return;
    }
    const url = `${baseUrl}${quoteStream.path}`;
    const messages = new QuoteMessages(quoteStream, platform.api);
    this.#recorder = new QuoteRecorder(url, messages, { venues: platform.venues, symbol });
    this.churned = churnSockets(url, CHURNED_SOCKETS);
  }

  /** What was pushed so far; null when the platform pushes nothing. */
  get snapshot(): (() => RecordedQuotes) | null {
    const recorder = this.#recorder;
    return recorder === null ? null : () => recorder.snapshot();
  }

  recorded(): RecordedQuotes {
    return this.#recorder?.snapshot() ?? NOTHING_RECORDED;
  }

  /** How many quote sockets are open as long as this and the load run. */
  get openSockets(): number {
    return this.#recorder === null ? 0 : OPEN_SOCKETS;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#recorder?.[Symbol.asyncDispose]();
  }
}
