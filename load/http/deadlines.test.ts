import { expect, it } from "vitest";
import { Deadlines } from "./deadlines.ts";

it("expire for what did not end, each after its own time and never before", async () => {
  const startedAtMs = new Map<string, number>();
  const over: { readonly item: string; readonly afterMs: number }[] = [];
  const done = Promise.withResolvers<void>();
  const deadlines = new Deadlines<string>(40, (item) => {
    over.push({ item, afterMs: performance.now() - (startedAtMs.get(item) ?? 0) });
    if (item === "last") done.resolve();
  });
  const start = (item: string) => {
    startedAtMs.set(item, performance.now());
    deadlines.start(item);
  };
  start("first");
  start("answered");
  await new Promise((resolve) => setTimeout(resolve, 15));
  start("last");
  deadlines.end("answered");
  await done.promise;
  expect(over.map(({ item }) => item)).toEqual(["first", "last"]);
  for (const { afterMs } of over) expect(afterMs).toBeGreaterThanOrEqual(40);
});

it("start again for a repeated item, and are removed when stopped", async () => {
  const over: string[] = [];
  const deadlines = new Deadlines<string>(20, (item) => over.push(item));
  deadlines.start("again");
  deadlines.end("again");
  deadlines.start("again");
  await expect.poll(() => over).toEqual(["again"]);
  deadlines.start("stopped");
  deadlines.stop();
  deadlines.start("later");
  await expect.poll(() => over).toEqual(["again", "later"]);
});
