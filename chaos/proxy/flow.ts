import type { Socket } from "node:net";
import type { LongWork, LoopShare } from "./fair-loop.ts";
import { type Ending, type FlowItem, isEnding, type Sink } from "./flow-item.ts";
import { KeptBuffers } from "./kept-buffers.ts";
import type { Reading, SocketReader } from "./socket-reader.ts";
import type { Stage } from "./stage.ts";
import type { Toxic } from "./toxic.ts";
import type { StagePlace } from "./toxic-work.ts";

/** What a flow needs from its connection. */
export interface FlowOptions {
  readonly source: SocketReader;
  readonly destination: Socket;
  readonly loop: LoopShare;
  /** Sees what the source sends, from its first byte. */
  readonly watch: SourceWatch | null;
  /** The toxic's stage for this connection and direction. */
  startStage(toxic: Toxic, place: StagePlace): Stage;
  /** Whether the toxic's toxicity includes this connection. */
  isAffected(toxic: Toxic): boolean;
  /** Called with an ending that concerns the whole connection. */
  onEnding(ending: Exclude<Ending, "end">): void;
}

/** Sees bytes before any toxic does, and changes nothing. */
export interface SourceWatch {
  /** Returns whether it needs to see what follows. */
  see(chunk: Buffer): boolean;
}

interface Step {
  readonly toxic: Toxic;
  readonly stage: Stage;
  /** Where the stage's output goes; undefined: to the destination. */
  next: Step | undefined;
  /** Whether the stage stays when its toxic is removed. */
  outlives: boolean;
  /** Whether it has stayed after its toxic was removed. Such stages come first; a toxic that returns begins another. */
  isOrphan: boolean;
}

/**
 * One direction of one connection: source → the stages of its toxics, in order → destination. Without toxics
 * a chunk goes directly to the destination. Back-pressure: the source waits while the destination is full or
 * a stage holds more than its toxic's capacity.
 */
export class Flow implements Sink, Reading, LongWork {
  readonly #options: FlowOptions;
  #chain: Step[] = [];
  /** Data that was read when the turn's time was over, kept for a later turn. */
  #inbox: FlowItem[] = [];
  #watch: SourceWatch | null;
  readonly #kept: KeptBuffers;
  /** Whether all toxics pass each byte once, unchanged and in order: others may hold parts of messages. */
  #keepsOrder = true;
  #capacityReached = false;
  #sourceEnded = false;
  #abandoned = false;

  constructor(options: FlowOptions) {
    this.#options = options;
    this.#watch = options.watch;
    this.#kept = new KeptBuffers(options.source.buffers);
    options.destination.on("drain", () => {
      options.source.reclaim();
      this.#kept.onSent();
      this.#regulate();
    });
  }

  /** Whether the source's ending has been read, though a toxic may still hold it. */
  get sourceEnded(): boolean {
    return this.#sourceEnded;
  }

  /** Starts reading the source, which must not have been read before. */
  start(toxics: readonly Toxic[]): void {
    const { source } = this.#options;
    source.start(this);
    source.socket.on("end", () => this.push("end"));
    this.applyToxics(toxics);
  }

  push(item: FlowItem, when: "now" | "next-turn" = "now"): void {
    if (this.#abandoned || this.#sourceEnded) return;
    if (isEnding(item)) this.#sourceEnded = true;
    else if (this.#watch?.see(item) === false) this.#watch = null;
    if (when === "now" && this.#chain.length === 0 && this.#inbox.length === 0) {
      this.#deliver(item);
      return;
    }
    this.#inbox.push(item);
    if (when === "next-turn") {
      this.#options.loop.enqueue(this);
      this.#throttle();
    } else if (this.#inbox.length === 1) {
      this.proceed();
    }
  }

  /** Passes the read data to the toxics, as far as this turn has time. */
  proceed(): void {
    const { loop } = this.#options;
    for (let [item] = this.#inbox; item !== undefined; [item] = this.#inbox) {
      if (!loop.hasTime()) {
        loop.enqueue(this);
        break;
      }
      this.#inbox.shift();
      const first = this.#chain[0];
      if (first === undefined) this.#deliver(item);
      else first.stage.push(item);
    }
    this.#regulate();
  }

  /** Passes a chunk on without copying it, if it can be written directly or kept. */
  lend(chunk: Buffer): "free" | "in-use" | "kept" {
    const { destination, loop } = this.#options;
    const isDirect = this.#chain.length === 0 && this.#inbox.length === 0;
    // Without a limit, transfers on many connections would occupy the event loop as long as a slow toxic.
    const mustWait = isDirect && !loop.hasTime();
    if (isDirect && !mustWait && destination.writableLength === 0) {
      this.push(chunk);
      return destination.writableLength > 0 ? "in-use" : "free";
    }
    const isKept = this.#keepsOrder && this.#kept.keeps(chunk);
    const own = isKept ? chunk : Buffer.from(chunk);
    this.push(own, mustWait ? "next-turn" : "now");
    return isKept ? "kept" : "free";
  }

  /** Updates the stages to the proxy's current toxics, on the open connection and without losing a byte. */
  applyToxics(toxics: readonly Toxic[]): void {
    if (this.#abandoned) return;
    const wanted = new Set(toxics.filter((toxic) => this.#options.isAffected(toxic)));
    const active = this.#chain.filter(({ isOrphan }) => !isOrphan);
    for (const { toxic, stage } of active) if (!wanted.has(toxic)) stage.release();
    if (this.#abandoned) return; // The released items ended the connection.
    const kept = new Map(active.map((step) => [step.toxic, step]));
    const isOrphan = (step: Step) => step.isOrphan || (step.outlives && !wanted.has(step.toxic));
    this.#connect(
      this.#chain.filter(isOrphan),
      [...wanted].map((toxic) => kept.get(toxic) ?? this.#startStep(toxic)),
    );
    this.#regulate();
  }

  /** Ends the stages of removed toxics. No draw about the others is made, which each removal would repeat. */
  removeToxics(toxics: ReadonlySet<Toxic>): void {
    if (this.#abandoned) return;
    const removed = this.#chain.filter(({ toxic, isOrphan }) => !isOrphan && toxics.has(toxic));
    if (removed.length === 0) return;
    const wereHolding = this.#capacityReached || removed.some(({ stage }) => stage.heldBytes > 0);
    for (const { stage } of removed) stage.release();
    if (this.#abandoned) return; // The released items ended the connection.
    const isGone = new Set(removed.filter(({ outlives }) => !outlives));
    const left = this.#chain.filter((step) => !isGone.has(step));
    const isOrphan = (step: Step) => step.isOrphan || toxics.has(step.toxic);
    this.#connect(
      left.filter(isOrphan),
      left.filter((step) => !isOrphan(step)),
    );
    if (wereHolding) this.#regulate();
  }

  #connect(orphans: readonly Step[], steps: readonly Step[]): void {
    for (const orphan of orphans) orphan.isOrphan = true;
    this.#chain = [...orphans, ...steps];
    this.#considerOrder();
    for (const [index, step] of this.#chain.entries()) step.next = this.#chain[index + 1];
  }

  #considerOrder(): void {
    this.#keepsOrder = this.#chain.every(({ toxic }) => toxic.type.protocol === "tcp");
    if (!this.#keepsOrder) this.#kept.forget();
  }

  /** Starts the stages of toxics that were added after all others, in time that does not depend on the others. */
  addToxics(toxics: readonly Toxic[]): void {
    if (this.#abandoned) return;
    for (const toxic of toxics) {
      if (!this.#options.isAffected(toxic)) continue;
      const last = this.#chain.at(-1);
      const step = this.#startStep(toxic);
      if (last !== undefined) last.next = step;
      this.#chain.push(step);
      this.#considerOrder();
      this.#capacityReached ||= isFull(step);
    }
    this.#throttle();
  }

  /** Passes changed attributes to the stage of that toxic. */
  updateToxic(toxic: Toxic): void {
    this.#chain.find((step) => step.toxic === toxic && !step.isOrphan)?.stage.update(toxic.attributes);
    this.#regulate();
  }

  /**
   * The destination is closed: nothing can be delivered any more, and what the source still sends is dropped.
   */
  abandon(): void {
    if (this.#abandoned) return;
    this.#abandoned = true;
    for (const step of this.#chain) step.stage.discard();
    this.#chain = [];
    this.#inbox = [];
    this.#kept.forget();
    this.#options.loop.cancel(this);
    this.#options.source.socket.resume();
  }

  #startStep(toxic: Toxic): Step {
    const emit = (item: FlowItem) => this.#emitAfter(step, item);
    const outlive = () => {
      step.outlives = true;
    };
    const stage = this.#options.startStage(toxic, { emit, outlive });
    const step: Step = { toxic, stage, next: undefined, outlives: false, isOrphan: false };
    return step;
  }

  #emitAfter(step: Step, item: FlowItem): void {
    if (this.#abandoned) return;
    if (step.next === undefined) this.#deliver(item);
    else step.next.stage.push(item);
    if (this.#capacityReached) this.#regulate();
  }

  #deliver(item: FlowItem): void {
    const { source, destination } = this.#options;
    if (isEnding(item)) {
      if (item === "end") destination.end();
      else this.#options.onEnding(item);
    } else if (destination.writable) {
      destination.write(item);
      this.#kept.onWritten(item, destination.writableLength === 0);
      if (this.#destinationFull) source.socket.pause();
    }
  }

  #regulate(): void {
    if (this.#abandoned) return;
    this.#capacityReached = this.#chain.some(isFull);
    this.#throttle();
  }

  /** Reads the source as long as nothing is full. */
  #throttle(): void {
    const { socket } = this.#options.source;
    if (this.#capacityReached || this.#inbox.length > 0 || this.#destinationFull) socket.pause();
    else socket.resume();
  }

  /** A write larger than the high-water mark needs a "drain" even when the system accepted it whole. */
  get #destinationFull(): boolean {
    const { writableNeedDrain, writableLength } = this.#options.destination;
    return writableNeedDrain && writableLength > 0;
  }
}

/** Whether a stage holds as much as its toxic may. */
function isFull({ toxic, stage }: Step): boolean {
  return stage.heldBytes >= toxic.capacityBytes;
}
