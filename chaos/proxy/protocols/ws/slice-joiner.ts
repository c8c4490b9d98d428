import { type FlowItem, isEnding } from "../../flow-item.ts";
import { SliceRun } from "../slice-run.ts";

/** Passes on items, and joins slices of the same chunk: at the end of a batch, or at once outside a batch. */
export class SliceJoiner {
  readonly #emit: (item: FlowItem) => void;
  readonly #run: SliceRun;
  #depth = 0;

  constructor(emit: (item: FlowItem) => void) {
    this.#emit = emit;
    this.#run = new SliceRun(emit);
  }

  /** Runs `work`, and returns on what it emits by its end. */
  batch(work: () => void): void {
    this.#depth += 1;
    try {
      work();
    } finally {
      this.#depth -= 1;
      this.flush();
    }
  }

  /** Passes on the item: within a batch perhaps together with what follows. */
  emit(item: FlowItem): void {
    if (isEnding(item)) {
      this.flush();
      this.#emit(item);
      return;
    }
    this.#run.add(item);
    if (this.#depth === 0) this.flush();
  }

  /** Passes on what waits for a slice to be joined with. */
  flush(): void {
    this.#run.flush();
  }
}
