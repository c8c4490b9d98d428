import { describe, expect, it } from "vitest";
import { RequestQueue, requestKindOf } from "./request-queue.ts";

/**
 * Creates a queue with requests of these types, numbered from 1, and returns the request
 * that each reply refers to.
 */
function queueOf(types: string) {
  const queue = new RequestQueue();
  let count = 0;
  const ask = (more: string) => {
    for (const type of more) {
      count += 1;
      queue.add({ kind: requestKindOf(type), number: count, text: undefined, result: undefined });
    }
  };
  ask(types);
  const answer = (replies: string) =>
    [...replies].map((type) => {
      const reference = queue.reply(type);
      return reference.kind === "in-step" ? reference.request?.number : "out of step";
    });
  return { queue, ask, answer };
}

describe("replies are matched with their requests", () => {
  it("in the simple protocol, up to ReadyForQuery", () => {
    expect(queueOf("QQ").answer("TDDCZIZ")).toEqual([1, 1, 1, 1, 1, 2, 2]);
  });

  it("in the extended protocol, one by one", () => {
    expect(queueOf("PBDES").answer("12TDDCZ")).toEqual([1, 2, 3, 4, 4, 4, 5]);
  });

  it("when a statement is described: its parameters, then its rows or that it has none", () => {
    expect(queueOf("PDSDS").answer("1tTZnZ")).toEqual([1, 2, 2, 3, 4, 5]);
  });

  it("when an error makes the server skip to Sync", () => {
    expect(queueOf("PBESQ").answer("1EZCZ")).toEqual([1, 2, 4, 5, 5]);
  });

  it("when skipped messages are still being sent", () => {
    const { ask, answer, queue } = queueOf("PB");
    expect(answer("E")).toEqual([1]);
    ask("EQ");
    expect(queue.skipsToSync).toBe(true);
    ask("SQ");
    expect(queue.skipsToSync).toBe(false);
    expect(answer("ZCZ")).toEqual([5, 6, 6]);
  });

  it("when COPY ignores a Sync that was sent too early", () => {
    const { ask, answer } = queueOf("PBES");
    expect(answer("12G")).toEqual([1, 2, 3]);
    ask("cSQ");
    expect(answer("CZCZ")).toEqual([3, 6, 7, 7]);
  });

  it("when it ignores one that comes between the data", () => {
    const { ask, answer } = queueOf("PBE");
    expect(answer("12G")).toEqual([1, 2, 3]);
    ask("ScSQ");
    expect(answer("CZCZ")).toEqual([3, 6, 7, 7]);
  });

  it("when COPY's data came before the server asked for it", () => {
    expect(queueOf("PBEScSQ").answer("12GCZCZ")).toEqual([1, 2, 3, 3, 6, 7, 7]);
  });

  it("when COPY is refused and its data comes nevertheless", () => {
    expect(queueOf("QcQ").answer("EZCZ")).toEqual([1, 1, 3, 3]);
  });

  it("when notices, parameters and notifications come in between", () => {
    expect(queueOf("PS").answer("N1SAZ")).toEqual([1, 1, 2, 2, 2]);
  });

  it("or are out of step", () => {
    expect(queueOf("").answer("Z")).toEqual(["out of step"]);
    expect(queueOf("PS").answer("2")).toEqual(["out of step"]);
    expect(queueOf("S").answer("D")).toEqual(["out of step"]);
  });

  it("but a server reports its shutdown without a request", () => {
    expect(queueOf("").answer("E")).toEqual([undefined]);
  });
});
