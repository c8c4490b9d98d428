import type { Ending, FlowItem } from "../../flow-item.ts";
import { SliceRun } from "../slice-run.ts";

/** How a connection breaks off, as its client experiences it. */
export type BreakOff = "hang" | "close" | "reset";

/** Sends on the bytes of one direction, and joins slices of the same read again. */
export class Outlet {
  readonly #emit: (item: FlowItem) => void;
  readonly #run: SliceRun;
  #state: "open" | "silent" | "ended" = "open";
  #breaksOffAfter: { leftBytes: number; readonly how: BreakOff } | undefined;

  constructor(emit: (item: FlowItem) => void) {
    this.#emit = emit;
    this.#run = new SliceRun(emit);
  }

  /** Whether nothing leaves any more: it was ended or silenced. */
  get isShut(): boolean {
    return this.#state !== "open";
  }

  /** Whether what came was swallowed, so that what comes next would not fit. */
  get isSilent(): boolean {
    return this.#state === "silent";
  }

  /** Passes on bytes, at the latest with the next `flush`. */
  pass(bytes: Buffer): void {
    if (this.isShut || bytes.length === 0) return;
    const limit = this.#breaksOffAfter;
    this.#run.add(limit === undefined ? bytes : bytes.subarray(0, limit.leftBytes));
    if (limit === undefined) return;
    limit.leftBytes -= bytes.length;
    if (limit.leftBytes <= 0) this.breakOff(limit.how);
  }

  /** Passes on at once what is ready. */
  flush(): void {
    this.#run.flush();
  }

  /** Passes on an ending, after all that came before it; nothing leaves after it. */
  end(ending: Ending): void {
    if (this.isShut) return;
    this.flush();
    this.#state = "ended";
    this.#emit(ending);
  }

  /** Lets nothing more leave, nor an ending if it is to hang. */
  breakOff(how: BreakOff): void {
    if (how !== "hang") {
      this.end(how);
      return;
    }
    this.flush();
    if (!this.isShut) this.#state = "silent";
  }

  /** Breaks off after so many bytes more, in the midst of whatever that is. */
  breakOffAfter(bytes: number, how: BreakOff): void {
    if (bytes <= 0) this.breakOff(how);
    else this.#breaksOffAfter = { leftBytes: bytes, how };
  }

  /** The connection ends here, whatever was swallowed: what comes next would not fit what went before. */
  reset(): void {
    if (this.#state === "ended") return;
    this.flush();
    this.#state = "ended";
    this.#emit("reset");
  }
}
