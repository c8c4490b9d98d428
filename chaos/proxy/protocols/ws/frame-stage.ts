import { type FlowItem, isEnding } from "../../flow-item.ts";
import type { Stage, StageHost } from "../../stage.ts";
import { type FramePart, FrameReader } from "./frame-reader.ts";
import { FrameStart } from "./frame-start.ts";
import { SliceJoiner } from "./slice-joiner.ts";

/** How a toxic processes the frames of one direction. */
export interface FrameWork {
  readonly heldBytes: number;
  /** Processes the next part of a frame. */
  take(part: FramePart): void;
  /**
   * Receives what follows the last frame, after everything that is held: an ending, bytes after a close
   * frame, or bytes of an incomplete header.
   */
  takeLast(item: FlowItem): void;
  /** Passes on everything that is held, immediately and in order. */
  flush(): void;
  /** Drops everything that is held, and stops its timers. */
  discard(): void;
}

/**
 * The stage of every WebSocket toxic: finds the frames of its direction and passes them to the toxic's work.
 * Other bytes pass unchanged: the handshake, and every byte of a connection that is not WebSocket or cannot
 * be parsed, which is reported.
 */
export class FrameStage implements Omit<Stage, "update"> {
  readonly #host: StageHost;
  readonly #work: FrameWork;
  readonly #out: SliceJoiner;
  readonly #start: FrameStart;
  #reader: FrameReader | undefined;
  #isOver: "no" | "closed" | "gave-up" = "no";

  /** `createWork` receives the function that emits towards the destination. */
  constructor(host: StageHost, createWork: (out: SliceJoiner) => FrameWork) {
    this.#host = host;
    this.#out = new SliceJoiner((item) => host.emit(item));
    this.#start = new FrameStart(host.joined);
    this.#work = createWork(this.#out);
  }

  get heldBytes(): number {
    return this.#work.heldBytes + (this.#reader?.heldHeader.length ?? 0);
  }

  push(item: FlowItem): void {
    this.#out.batch(() => {
      if (isEnding(item)) this.#end(item);
      else if (this.#isOver === "gave-up") this.#out.emit(item);
      else if (this.#isOver === "closed") this.#work.takeLast(item);
      else if (this.#reader === undefined) this.#seek(item);
      else this.#read(this.#reader, item);
    });
  }

  release(): void {
    this.#out.batch(() => this.#giveAllOn());
  }

  discard(): void {
    this.#work.discard();
    this.#reader = undefined;
  }

  #seek(chunk: Buffer): void {
    const reading = this.#start.look(chunk);
    if (reading.kind !== "found") {
      if (reading.kind === "none") this.#giveUp(reading.why);
      if (reading.kind === "plain") this.#host.giveUp(reading.why);
      this.#out.emit(chunk);
      return;
    }
    const { offset, isMasked } = reading;
    this.#out.emit(chunk.subarray(0, offset));
    this.#reader = new FrameReader(isMasked);
    this.#read(this.#reader, chunk.subarray(offset));
  }

  #read(reader: FrameReader, chunk: Buffer): void {
    const { parts, rest } = reader.read(chunk);
    for (const part of parts) this.#work.take(part);
    if (rest.kind === "closed") {
      this.#isOver = "closed";
      if (rest.bytes.length > 0) this.#work.takeLast(rest.bytes);
    } else if (rest.kind === "unreadable") {
      this.#giveUp(`invalid frame: ${rest.why}`);
      this.#out.emit(rest.bytes);
    }
  }

  #end(item: FlowItem): void {
    const held = this.#reader?.heldHeader;
    this.#reader = undefined;
    if (held !== undefined && held.length > 0) this.#work.takeLast(held);
    this.#work.takeLast(item);
  }

  #giveUp(why: string): void {
    this.#giveAllOn();
    this.#isOver = "gave-up";
    this.#host.giveUp(why);
  }

  #giveAllOn(): void {
    this.#work.flush();
    if (this.#isOver === "no" && this.#reader !== undefined) this.#out.emit(this.#reader.heldHeader);
    this.#reader = undefined;
  }
}
