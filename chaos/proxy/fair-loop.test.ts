import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, it } from "vitest";
import { systemClock } from "../../core/index.ts";
import { FairLoop, type LongWork } from "./fair-loop.ts";

/** Work whose every step takes a millisecond of a clock that only the work advances. */
function createWork(count: number) {
  let nowMs = 0;
  const loop = new FairLoop({ ...systemClock, monotonicMs: () => nowMs });
  const steps: number[] = [];
  const works = Array.from({ length: count }, (_, index): LongWork & { left: number } => ({
    left: 20,
    proceed() {
      while (this.left > 0) {
        if (!loop.hasTime()) return loop.enqueue(this);
        steps.push(index);
        this.left -= 1;
        nowMs += 1;
      }
    },
  }));
  return { loop, works, steps };
}

it("ends a turn after its share of time, and continues in the next", async () => {
  const { works, steps } = createWork(1);
  works[0]?.proceed();
  const perTurn = [steps.length];
  while (steps.length < 20) {
    const before = steps.length;
    await nextTurn();
    perTurn.push(steps.length - before);
  }
  expect(perTurn.length).toBeGreaterThan(3);
  expect(Math.max(...perTurn)).toBeLessThanOrEqual(5);
});

it("lets work take turns", async () => {
  const { works, steps } = createWork(3);
  for (const work of works) work.proceed();
  while (steps.length < 60) await nextTurn();
  const alone = steps.indexOf(1);
  expect(steps.slice(alone, alone + 6)).toEqual([1, 2, 0, 1, 2, 0]);
});

it("forgets work that was canceled", async () => {
  const { loop, works, steps } = createWork(2);
  for (const work of works) work.proceed();
  const [first] = works;
  if (first !== undefined) loop.cancel(first);
  const doneBefore = steps.filter((index) => index === 0).length;
  while (steps.filter((index) => index === 1).length < 20) await nextTurn();
  expect(steps.filter((index) => index === 0)).toHaveLength(doneBefore);
});
