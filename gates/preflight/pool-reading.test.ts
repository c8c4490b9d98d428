import { expect, it } from "vitest";
import { type PoolReading, poolProblems } from "./pool-reading.ts";

const WELL: PoolReading = { pool: "a", mode: "transaction", active: 3, size: 10, waiting: 0, waitedMs: 0 };
const problems = (...readings: readonly Partial<PoolReading>[]) =>
  poolProblems(
    "a",
    readings.map((reading) => ({ ...WELL, ...reading })),
    "transaction",
  );

it("a pool with room, in which nobody waits, is in order, also when it was full or waited for once", () => {
  expect(problems({}, { active: 8 })).toEqual([]);
  expect(problems({ active: 10, waiting: 4 }, {})).toEqual([]);
});

it("a pool that is full or waited for in each reading is not, nor one in which a client waited for a second", () => {
  expect(problems({ active: 9 }, { active: 10 })).toEqual([
    "a: at least 90 % of its connections are used in each reading",
  ]);
  expect(problems({ waiting: 1 }, { waiting: 3 })).toEqual(["a: clients wait in each reading, up to 3"]);
  expect(problems({ waitedMs: 999 }, {})).toEqual([]);
  expect(problems({ waitedMs: 1_000 }, {})).toEqual(["a: a client has waited 1000 ms"]);
});

it("a pool of another mode in one of the readings is not", () => {
  expect(problems({}, { mode: "session" })).toEqual([
    "a: the pool mode is session, the platform relies on transaction",
  ]);
});
