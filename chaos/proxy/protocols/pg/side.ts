import type { Ending, FlowItem } from "../../flow-item.ts";
import { type Framing, MessageReader } from "./message-reader.ts";
import { Outlet } from "./outlet.ts";

/** The fate of a message. `replace`: it is dropped, and something was inserted that replies will refer to. */
export type Fate = "pass" | "drop" | "replace";

/** One direction of a conversation: its reader and its output. */
export class Side {
  readonly reader: MessageReader;
  readonly outlet: Outlet;
  /** State of the current message. */
  fate: Fate = "pass";
  #hasEnded = false;

  constructor(framing: Framing, emit: (item: FlowItem) => void) {
    this.reader = new MessageReader(framing);
    this.outlet = new Outlet(emit);
  }

  /** Whether the sender has half-closed. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** The sender has half-closed; the held part of a message is passed on unchanged. */
  end(ending: Ending): void {
    this.#hasEnded = true;
    this.outlet.pass(this.reader.takeRest());
    this.outlet.end(ending);
  }

  /**
   * Passes on what is held. When it would not be consecutive after dropped bytes, the
   * connection ends instead.
   */
  letGo(isEntangled: boolean): void {
    const isTorn = this.outlet.isSilent || (this.reader.isWithinMessage && this.fate !== "pass");
    if (isEntangled || isTorn) this.outlet.reset();
    this.outlet.pass(this.reader.takeRest());
    this.outlet.flush();
  }
}
