import { type FlowItem, isEnding } from "../../flow-item.ts";

/**
 * Gives on items, and joins slices that lie side by side in memory: what was taken apart from one chunk and
 * passes whole leaves as that chunk, in one write and without being copied.
 */
export class SliceJoiner {
  readonly #emit: (item: FlowItem) => void;
  #pending: Buffer | undefined;
  #depth = 0;

  constructor(emit: (item: FlowItem) => void) {
    this.#emit = emit;
  }

  /** Runs `work`, and gives on what it emits by its end. */
  batch(work: () => void): void {
    this.#depth += 1;
    try {
      work();
    } finally {
      this.#depth -= 1;
      this.flush();
    }
  }

  /** Gives the item on: within a batch perhaps together with what follows. */
  emit(item: FlowItem): void {
    if (isEnding(item)) {
      this.flush();
      this.#emit(item);
      return;
    }
    if (item.length === 0) return;
    const pending = this.#pending;
    if (pending !== undefined && isNextTo(pending, item)) {
      this.#pending = Buffer.from(pending.buffer, pending.byteOffset, pending.length + item.length);
    } else {
      this.flush();
      this.#pending = item;
    }
    if (this.#depth === 0) this.flush();
  }

  /** Gives on what waits for a slice to be joined with. */
  flush(): void {
    const pending = this.#pending;
    this.#pending = undefined;
    if (pending !== undefined) this.#emit(pending);
  }
}

function isNextTo(pending: Buffer, item: Buffer): boolean {
  return pending.buffer === item.buffer && pending.byteOffset + pending.length === item.byteOffset;
}
