import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Decimal } from "../money.ts";
import { applyExecution, FLAT, type Position } from "./position.ts";

const trade = (quantity: string, price: string, quoteFee = "0") => ({
  signedQuantity: new Decimal(quantity),
  cost: new Decimal(quantity).abs().times(price),
  quoteFee: new Decimal(quoteFee),
});
const amountsOf = ({ quantity, cost, realized }: Position) =>
  [quantity, cost, realized].map((value) => value.toFixed());

describe("a position", () => {
  it("averages its cost as it grows", () => {
    const first = applyExecution(FLAT, trade("1", "100")).position;
    expect(amountsOf(applyExecution(first, trade("1", "200")).position)).toEqual(["2", "300", "0"]);
  });

  it("realizes the profit of the sold part, less its fee", () => {
    const long = applyExecution(FLAT, trade("2", "100")).position;
    expect(amountsOf(applyExecution(long, trade("-1", "150", "0.5")).position)).toEqual(["1", "100", "49.5"]);
  });

  it("closes to exactly nothing", () => {
    const long = applyExecution(FLAT, trade("0.003", "33.33")).position;
    const closed = applyExecution(long, trade("-0.003", "33.33"));
    expect(amountsOf(closed.position)).toEqual(["0", "0", "0"]);
    expect(closed.opened).toBeUndefined();
  });

  it("that crosses zero is closed, and another is opened on the other side", () => {
    const long = applyExecution(FLAT, trade("1", "100")).position;
    const { position, opened } = applyExecution(long, trade("-3", "110"));
    expect(amountsOf(position)).toEqual(["0", "0", "10"]);
    expect(opened && amountsOf(opened)).toEqual(["-2", "220", "0"]);
  });

  it("makes a profit on a short when the price falls", () => {
    const short = applyExecution(FLAT, trade("-2", "100")).position;
    expect(amountsOf(applyExecution(short, trade("1", "90")).position)).toEqual(["-1", "100", "10"]);
  });

  it("creates and loses no money: cash spent equals the cost held plus the losses", () => {
    const anyTrade = fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 1, max: 9_999 }));
    fc.assert(
      fc.property(fc.array(anyTrade, { maxLength: 30 }), (trades) => {
        let position = FLAT;
        let cash = new Decimal(0);
        let quantity = new Decimal(0);
        let realized = new Decimal(0);
        for (const [units, cents] of trades.filter(([size]) => size !== 0)) {
          const execution = trade(
            new Decimal(units).div(1_000).toFixed(),
            new Decimal(cents).div(100).toFixed(),
          );
          cash = cash.minus(execution.cost.times(Math.sign(units)));
          quantity = quantity.plus(execution.signedQuantity);
          const moved = applyExecution(position, execution);
          if (moved.opened !== undefined) realized = realized.plus(moved.position.realized);
          position = moved.opened ?? moved.position;
        }
        expect(position.quantity.eq(quantity)).toBe(true);
        expect(position.cost.isNegative() && !position.cost.isZero()).toBe(false);
        const signedCost = position.cost.times(position.quantity.isNegative() ? -1 : 1);
        const difference = realized.plus(position.realized).minus(signedCost).minus(cash);
        // Each partial close rounds two quotients to 18 digits.
        expect(difference.abs().lte(new Decimal("1e-16"))).toBe(true);
      }),
    );
  });
});
