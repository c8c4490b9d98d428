import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Lease } from "./lease.ts";
import { Overlay } from "./overlay.ts";
import { ManualClock } from "./testing/manual-clock.ts";

interface Values {
  readonly a: number;
  readonly b: number;
}

/** A change of some values: under one of three leases, or permanent. */
interface Change {
  readonly holder: 0 | 1 | 2 | null;
  readonly values: Partial<Values>;
}

const clock = new ManualClock();
const leases = [0, 1, 2].map((id) => new Lease(clock, { id: String(id), owner: "test", ttlMs: 1_000 }));
const leaseOf = (holder: number) => leases[holder] ?? new Lease(clock, { id: "x", owner: "test", ttlMs: 1 });
const STANDING: Values = { a: 0, b: 0 };

const values = fc.oneof(
  fc.record({ a: fc.nat(3) }),
  fc.record({ b: fc.nat(3) }),
  fc.record({ a: fc.nat(3), b: fc.nat(3) }),
);
const change: fc.Arbitrary<Change> = fc.record({ holder: fc.constantFrom(0, 1, 2, null), values });

function make(overlay: Overlay<Values>, { holder, values: wanted }: Change): void {
  if (holder === null) overlay.settle(wanted);
  else overlay.claim(leaseOf(holder), wanted);
}

/** The values after these changes, in order. */
const replay = (changes: readonly Change[]): Values =>
  Object.assign({}, STANDING, ...changes.map((one) => one.values)) as Values;

describe("values that leases changed", () => {
  it("are as if an ended lease had never existed, whatever was changed in which order", () => {
    fc.assert(
      fc.property(fc.array(change), fc.subarray([0, 1, 2] as const), (changes, ended) => {
        const overlay = new Overlay<Values>(STANDING);
        for (const one of changes) make(overlay, one);
        expect(overlay.values).toEqual(replay(changes));
        const others = changes.filter(({ holder }) => holder === null || !ended.some((id) => id === holder));
        for (const id of ended) overlay.retract(leaseOf(id));
        expect(overlay.values).toEqual(replay(others));
        expect(overlay.standing).toEqual(replay(changes.filter(({ holder }) => holder === null)));
      }),
    );
  });

  it("show what they will be without a lease", () => {
    fc.assert(
      fc.property(fc.array(change), (changes) => {
        const overlay = new Overlay<Values>(STANDING);
        for (const one of changes) make(overlay, one);
        const foretold = overlay.without(leaseOf(1));
        overlay.retract(leaseOf(1));
        expect(overlay.values).toEqual(foretold);
        expect(overlay.claimedBy(leaseOf(1))).toEqual({});
      }),
    );
  });

  it("drop a change without effect, and later results are the same as with it", () => {
    fc.assert(
      fc.property(fc.array(change), fc.array(change), (before, after) => {
        const [pruned, plain] = [new Overlay<Values>(STANDING), new Overlay<Values>(STANDING)];
        for (const overlay of [pruned, plain]) for (const one of before) make(overlay, one);
        pruned.prune(leaseOf(0));
        for (const overlay of [pruned, plain]) {
          for (const one of after) make(overlay, one);
          overlay.retract(leaseOf(1));
        }
        expect(pruned.values).toEqual(plain.values);
        expect(pruned.without(leaseOf(0))).toEqual(plain.without(leaseOf(0)));
      }),
    );
  });

  it("have no layers once each lease took back its changes", () => {
    const overlay = new Overlay<Values>(STANDING);
    overlay.claim(leaseOf(0), { a: 1 });
    expect(overlay.isBare).toBe(false);
    overlay.claim(leaseOf(0), { a: 0 });
    overlay.prune(leaseOf(0));
    expect(overlay.isBare).toBe(true);
  });
});
