import type { Ending, FlowItem } from "../../flow-item.ts";
import { SliceRun } from "../slice-run.ts";

/** How a connection breaks off for its client. */
export type BreakOff = "hang" | "close" | "reset";

/** Sends the bytes of one direction, and joins slices of the same read again. */
export class Outlet {
  readonly #emit: (item: FlowItem) => void;
  readonly #run: SliceRun;
  #state: "open" | "silent" | "ended" = "open";
  #breaksOffAfter: { leftBytes: number; readonly how: BreakOff } | undefined;

  constructor(emit: (item: FlowItem) => void) {
    this.#emit = emit;
    this.#run = new SliceRun(emit);
  }

  /** Whether nothing is sent any more: it was ended or silenced. */
  get isShut(): boolean {
    return this.#state !== "open";
  }

  /** Whether bytes were dropped, so that the following ones would not be consecutive. */
  get isSilent(): boolean {
    return this.#state === "silent";
  }

  /** Sends bytes, at the latest with the next `flush`. */
  pass(bytes: Buffer): void {
    if (this.isShut || bytes.length === 0) return;
    const limit = this.#breaksOffAfter;
    this.#run.add(limit === undefined ? bytes : bytes.subarray(0, limit.leftBytes));
    if (limit === undefined) return;
    limit.leftBytes -= bytes.length;
    if (limit.leftBytes <= 0) this.breakOff(limit.how);
  }

  /** Sends immediately what is ready. */
  flush(): void {
    this.#run.flush();
  }

  /** Sends an ending, after everything before it; nothing is sent after it. */
  end(ending: Ending): void {
    if (this.isShut) return;
    this.flush();
    this.#state = "ended";
    this.#emit(ending);
  }

  /** Sends nothing more, and no ending either if the connection is to hang. */
  breakOff(how: BreakOff): void {
    if (how !== "hang") {
      this.end(how);
      return;
    }
    this.flush();
    if (!this.isShut) this.#state = "silent";
  }

  /** Breaks off after this many more bytes, wherever in a message that is. */
  breakOffAfter(bytes: number, how: BreakOff): void {
    if (bytes <= 0) this.breakOff(how);
    else this.#breaksOffAfter = { leftBytes: bytes, how };
  }

  /** The connection ends here, also after dropped bytes: what follows would not be consecutive. */
  reset(): void {
    if (this.#state === "ended") return;
    this.flush();
    this.#state = "ended";
    this.#emit("reset");
  }
}
