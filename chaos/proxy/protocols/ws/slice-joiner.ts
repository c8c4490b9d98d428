import { type FlowItem, isEnding } from "../../flow-item.ts";
import { SliceRun } from "../slice-run.ts";

/**
 * Passes on items, and joins slices of the same chunk: at the end of a batch, or immediately outside a batch.
 */
export class SliceJoiner {
  readonly #emit: (item: FlowItem) => void;
  readonly #run: SliceRun;
  #depth = 0;

  constructor(emit: (item: FlowItem) => void) {
    this.#emit = emit;
    this.#run = new SliceRun(emit);
  }

  /** Runs `work`, and passes on what it emitted at its end. */
  batch(work: () => void): void {
    this.#depth += 1;
    try {
      work();
    } finally {
      this.#depth -= 1;
      this.flush();
    }
  }

  /** Passes on the item, within a batch possibly joined with what follows. */
  emit(item: FlowItem): void {
    if (isEnding(item)) {
      this.flush();
      this.#emit(item);
      return;
    }
    this.#run.add(item);
    if (this.#depth === 0) this.flush();
  }

  /** Passes on a slice that waits to be joined. */
  flush(): void {
    this.#run.flush();
  }
}
