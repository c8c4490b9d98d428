import type { Random } from "../../core/index.ts";
import type { FaultClass } from "./fault-menu.ts";

/**
 * The classes of faults that one experiment may use: a random half. With all of them in every experiment the frequent
 * ones would hide what only the rare ones reach.
 */
export function drawSwarm(
  random: Random,
  menu: readonly FaultClass[],
): readonly [FaultClass, ...FaultClass[]] {
  const [first, ...others] = menu.filter(() => random.next() < 0.5);
  if (first !== undefined) return [first, ...others];
  const [any] = menu;
  if (any === undefined) throw new TypeError("Expected a class of faults, got none.");
  return [any];
}

/** One of them, by their weights. */
export function drawClass(random: Random, classes: readonly [FaultClass, ...FaultClass[]]): FaultClass {
  const total = classes.reduce((sum, { weight }) => sum + weight, 0);
  let left = random.next() * total;
  for (const each of classes) {
    left -= each.weight;
    if (left < 0) return each;
  }
  return classes[0];
}
