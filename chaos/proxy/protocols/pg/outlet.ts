import type { Ending, FlowItem } from "../../flow-item.ts";

/** How a connection breaks off, as its client experiences it. */
export type BreakOff = "hang" | "close" | "reset";

/**
 * Where one direction's bytes leave a parser. Neighbouring slices of what came in one read leave together again,
 * so that cutting a read into messages costs no more writes.
 */
export class Outlet {
  readonly #emit: (item: FlowItem) => void;
  /** The first slice that is ready, and how many bytes are ready from its start on. */
  #ready: Buffer | undefined;
  #readyBytes = 0;
  #state: "open" | "silent" | "ended" = "open";
  #breaksOffAfter: { leftBytes: number; readonly how: BreakOff } | undefined;

  constructor(emit: (item: FlowItem) => void) {
    this.#emit = emit;
  }

  /** Whether nothing leaves any more: it was ended or silenced. */
  get isShut(): boolean {
    return this.#state !== "open";
  }

  /** Whether what came was swallowed, so that what comes next would not fit. */
  get isSilent(): boolean {
    return this.#state === "silent";
  }

  /** Gives bytes on, at the latest with the next `flush`. */
  pass(bytes: Buffer): void {
    if (this.isShut || bytes.length === 0) return;
    const limit = this.#breaksOffAfter;
    this.#append(limit === undefined ? bytes : bytes.subarray(0, limit.leftBytes));
    if (limit === undefined) return;
    limit.leftBytes -= bytes.length;
    if (limit.leftBytes <= 0) this.breakOff(limit.how);
  }

  #append(bytes: Buffer): void {
    const ready = this.#ready;
    const isNeighbour =
      ready?.buffer === bytes.buffer && ready.byteOffset + this.#readyBytes === bytes.byteOffset;
    if (isNeighbour) {
      this.#readyBytes += bytes.length;
      return;
    }
    this.flush();
    this.#ready = bytes;
    this.#readyBytes = bytes.length;
  }

  /** Gives on at once what is ready. */
  flush(): void {
    const ready = this.#ready;
    this.#ready = undefined;
    if (ready === undefined) return;
    const isOne = ready.length === this.#readyBytes;
    this.#emit(isOne ? ready : Buffer.from(ready.buffer, ready.byteOffset, this.#readyBytes));
  }

  /** Gives on an ending, after all that came before it; nothing leaves after it. */
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
