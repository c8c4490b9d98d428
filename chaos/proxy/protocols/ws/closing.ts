import { type FlowItem, isEnding } from "../../flow-item.ts";
import { toTimerMs } from "../../hold-queue.ts";
import type { StageHost } from "../../stage.ts";

/** Passes items on until it sends its own close frame; after that only the connection's ending. */
export class Closing {
  readonly #host: StageHost;
  #hasBegun = false;
  #linger: NodeJS.Timeout | undefined;

  constructor(host: StageHost) {
    this.#host = host;
  }

  /** Passes on the item, unless the close frame was sent and the item is bytes. */
  emit(item: FlowItem): void {
    if (!this.#hasBegun || isEnding(item)) this.#host.emit(item);
  }

  /** Sends the close frame, and closes the connection after `lingerMs` if it is still open. */
  begin(frame: Buffer, lingerMs: number): void {
    this.#host.emit(frame);
    this.#hasBegun = true;
    this.#linger = setTimeout(() => this.finish(), toTimerMs(lingerMs));
  }

  /** Closes the connection now if a close frame was sent. */
  finish(): void {
    if (!this.#hasBegun) return;
    this.cancel();
    this.#host.emit("close");
  }

  /** Leaves closing the connection to its two sides. */
  cancel(): void {
    clearTimeout(this.#linger);
  }
}
