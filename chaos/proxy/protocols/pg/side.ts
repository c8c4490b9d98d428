import type { Ending, FlowItem } from "../../flow-item.ts";
import { type Framing, MessageReader } from "./message-reader.ts";
import { Outlet } from "./outlet.ts";

/** What becomes of a message. `replace`: it is dropped, and something was inserted that replies will refer to. */
export type Fate = "pass" | "drop" | "replace";

/** One direction of a conversation: what is read of it, and what leaves. */
export class Side {
  readonly reader: MessageReader;
  readonly outlet: Outlet;
  /** Of the message that is under way. */
  fate: Fate = "pass";
  #hasEnded = false;

  constructor(framing: Framing, emit: (item: FlowItem) => void) {
    this.reader = new MessageReader(framing);
    this.outlet = new Outlet(emit);
  }

  /** Whether the sender has said that it sends no more. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** The sender sends no more; what was held of a message goes on as it is. */
  end(ending: Ending): void {
    this.#hasEnded = true;
    this.outlet.pass(this.reader.takeRest());
    this.outlet.end(ending);
  }

  /** Passes on what is held, unless it does not fit what went before: then the connection ends. */
  letGo(isEntangled: boolean): void {
    const isTorn = this.outlet.isSilent || (this.reader.isWithinMessage && this.fate !== "pass");
    if (isEntangled || isTorn) this.outlet.reset();
    this.outlet.pass(this.reader.takeRest());
    this.outlet.flush();
  }
}
