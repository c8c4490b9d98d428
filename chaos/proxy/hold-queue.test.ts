import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { systemClock } from "../../core/index.ts";
import type { FlowItem } from "./flow-item.ts";
import { HoldQueue } from "./hold-queue.ts";
import { ENDLESS_TURN } from "./test-rig.ts";

const item = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
  fc.constant<FlowItem>("end"),
);
/** An event of a queue: an item arrives, or time passes. */
const step = fc.oneof(item, fc.nat(50));

describe("a queue that holds items until they are due", () => {
  it("cuts chunks into pieces in turn, and passes the rest whole when it is released", () => {
    const went: string[] = [];
    let nowMs = 0;
    const queue = new HoldQueue({
      clock: { ...systemClock, monotonicMs: () => nowMs },
      loop: ENDLESS_TURN,
      emit: (one) => went.push(String(one)),
      dueAtMs: (held) => (held.number === 1 ? 0 : 10),
      pieceBytes: (left) => Math.min(2, left.length),
    });
    queue.add(Buffer.from("abcde"));
    queue.add(Buffer.from("fghij"));
    queue.add("end");
    expect(went).toEqual(["ab", "cd", "e"]);
    nowMs = 10;
    queue.reschedule();
    expect(went).toEqual(["ab", "cd", "e", "fg", "hi", "j", "end"]);
    nowMs = 0;
    queue.add(Buffer.from("klmno"));
    queue.release();
    expect(went.at(-1)).toBe("klmno");
    expect(queue.heldBytes).toBe(0);
  });

  it("passes every item once, in order, whatever the delays", () => {
    fc.assert(
      fc.property(fc.array(step), fc.array(fc.nat(60), { minLength: 1 }), (steps, delays) => {
        let nowMs = 0;
        const came: FlowItem[] = [];
        const went: FlowItem[] = [];
        const queue = new HoldQueue({
          clock: { ...systemClock, monotonicMs: () => nowMs },
          loop: ENDLESS_TURN,
          emit: (one) => went.push(one),
          dueAtMs: (held) => held.arrivedAtMs + (delays[held.number % delays.length] ?? 0),
        });
        for (const one of steps) {
          if (typeof one === "number") {
            nowMs += one;
            queue.reschedule();
          } else {
            came.push(one);
            queue.add(one);
          }
          expect(went).toEqual(came.slice(0, went.length));
          expect(queue.heldBytes > 0).toBe(went.length < came.length);
        }
        queue.release();
        expect(went).toEqual(came);
        expect(queue.heldBytes).toBe(0);
      }),
    );
  });

  it("keeps its order over thousands of items that become due at once", () => {
    const went: FlowItem[] = [];
    let open = false;
    const queue = new HoldQueue({
      clock: systemClock,
      loop: ENDLESS_TURN,
      emit: (one) => went.push(one),
      dueAtMs: () => (open ? 0 : Number.POSITIVE_INFINITY),
    });
    const items = Array.from({ length: 5_000 }, (_, index) => Buffer.from(String(index)));
    for (const one of items) queue.add(one);
    expect(went).toEqual([]);
    open = true;
    queue.reschedule();
    expect(went).toEqual(items);
    expect(queue.heldBytes).toBe(0);
  });
});
