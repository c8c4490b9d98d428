import type { FlowItem } from "../../flow-item.ts";
import { OPCODE } from "./frame-header.ts";
import type { FramePart } from "./frame-reader.ts";
import type { FrameWork } from "./frame-stage.ts";
import type { SliceJoiner } from "./slice-joiner.ts";

/** A whole pong. */
export interface Pong {
  /** Counts the pongs of this connection and direction, from 1, since the toxic joined. */
  readonly number: number;
  readonly bytes: number;
}

/** Asks for each pong whether it passes; everything else passes as it arrives. */
export class PongWork implements FrameWork {
  readonly #out: SliceJoiner;
  readonly #passes: (pong: Pong) => boolean;
  #held: Buffer[] = [];
  #count = 0;

  constructor(out: SliceJoiner, passes: (pong: Pong) => boolean) {
    this.#out = out;
    this.#passes = passes;
  }

  get heldBytes(): number {
    return this.#held.reduce((sum, { length }) => sum + length, 0);
  }

  take({ frame, bytes, ends }: FramePart): void {
    if (frame.opcode !== OPCODE.pong) {
      this.#out.emit(bytes);
      return;
    }
    this.#held.push(bytes);
    if (!ends) return;
    this.#count += 1;
    if (this.#passes({ number: this.#count, bytes: this.heldBytes })) this.flush();
    else this.discard();
  }

  takeLast(item: FlowItem): void {
    this.flush();
    this.#out.emit(item);
  }

  flush(): void {
    for (const slice of this.#held) this.#out.emit(slice);
    this.#held = [];
  }

  discard(): void {
    this.#held = [];
  }
}
