import { describe, expect, it } from "vitest";
import { soundState } from "../invariants/final-state-fixture.ts";
import { checkOwnInvariants, defineInvariant, type FinalBooks, type OwnFinding } from "./own-invariant.ts";

function checkOf(check: (books: FinalBooks) => OwnFinding) {
  const [made] = checkOwnInvariants(
    [defineInvariant({ name: "mine", statement: "so it is", check })],
    soundState(),
  );
  return made ?? expect.fail("no check");
}

const finding = (change: Partial<OwnFinding> = {}): OwnFinding => ({
  ...{ checked: 3, noun: "order", problems: [] },
  ...change,
});

describe("an invariant of the user's own", () => {
  it("passes and fails by its finding, with its statement as what was expected", () => {
    expect(checkOf(() => finding())).toMatchObject({
      ...{
        kind: "invariant",
        name: "mine",
        verdict: "pass",
        expected: "so it is",
        received: "3 of 3 orders",
      },
    });
    expect(checkOf(() => finding({ problems: ["x is late"] }))).toMatchObject({
      ...{ verdict: "fail", received: "1 of 3 orders: 1 wrong; x is late" },
    });
  });

  it("is given the orders of the platform and of the venues, and the clients' operations", () => {
    const { ledger, venues, operations } = soundState();
    let given: FinalBooks | undefined;
    checkOf((books) => {
      given = books;
      return finding();
    });
    expect(given?.orders).toHaveLength(ledger.orders.length);
    expect(given?.orders[0]).toMatchObject({ clientOrderId: ledger.orders[0]?.client_order_id });
    expect(given?.atVenues).toHaveLength(venues.flatMap(({ orders }) => orders).length);
    expect(given?.operations).toHaveLength(operations.length);
  });

  it("is inconclusive when it judged nothing, however sure it is", () => {
    expect(checkOf(() => finding({ checked: 0 })).verdict).toBe("inconclusive");
  });

  it("is inconclusive when it throws, or finds something else than a finding", () => {
    const throwing = checkOf(() => {
      throw new Error("no such table");
    });
    expect(throwing).toMatchObject({ verdict: "inconclusive", received: "the check threw: no such table" });
    const others: readonly unknown[] = [
      undefined,
      true,
      Promise.resolve(finding()),
      { ...finding(), checked: -1 },
    ];
    for (const other of others) expect(checkOf(() => other as OwnFinding).verdict).toBe("inconclusive");
  });

  it("cannot change what the next one is given", () => {
    const emptied = defineInvariant({
      name: "emptying",
      statement: "none",
      check: ({ orders }) => finding({ checked: (orders as unknown[]).splice(0).length }),
    });
    const verdicts = checkOwnInvariants([emptied, emptied], soundState()).map(({ verdict }) => verdict);
    expect(verdicts).toEqual(["pass", "pass"]);
  });
});
