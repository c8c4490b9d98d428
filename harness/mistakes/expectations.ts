import { type Mistake, wrongValue } from "../../core/index.ts";
import { CLIENT_TIMEOUT_MS } from "../../load/index.ts";
import type { Placed, ScenarioReading } from "./scenario-reading.ts";

/** Expectations must be possible to break, have something to be judged by, and occur once. */
export function expectationMistakes(reading: ScenarioReading): readonly Mistake[] {
  return [...ofNothing(reading), ...uncounted(reading), ...unbreakable(reading), ...repeated(reading)];
}

/** Expectations about the time of the faults in a scenario without faults, or about triggers where none must fire. */
function ofNothing(reading: ScenarioReading): readonly Mistake[] {
  const { isFaultless, answersWithinMs, acceptsShare, firesAboveMsP95, fires } = reading;
  const without = (why: string, ...each: readonly (Placed<number> | null)[]) =>
    each.flatMap((given) =>
      given === null ? [] : [wrongValue(given.path, `nothing, because ${why}`, given.value)],
    );
  return [
    ...(isFaultless
      ? without("it is judged during faults, and there is none", answersWithinMs, acceptsShare)
      : []),
    ...(fires.length === 0 ? without("no trigger must fire (`fires`)", firesAboveMsP95) : []),
  ];
}

/** A limit on what a fault of a process affects, which is time. */
function uncounted({ faults }: ScenarioReading): readonly Mistake[] {
  return faults.flatMap(({ path, value: { fault, maxBites } }) => {
    if (maxBites === null || !("process" in fault)) return [];
    const expected = `nothing, because ${fault.kind} counts no messages that a platform could leave unsent`;
    return [wrongValue([...path, "maxBites"], expected, maxBites)];
  });
}

function unbreakable({ answersWithinMs }: ScenarioReading): readonly Mistake[] {
  if (answersWithinMs === null || answersWithinMs.value < CLIENT_TIMEOUT_MS) return [];
  const expected = `less than ${CLIENT_TIMEOUT_MS}, after which clients give up, so that no answer can be later`;
  return [wrongValue(answersWithinMs.path, expected, answersWithinMs.value)];
}

function repeated(reading: ScenarioReading): readonly Mistake[] {
  const names = [...reading.happens, ...reading.holds].map(({ path, value }) => ({
    path: [...path, "name"],
    value: value.name,
  }));
  const left = reading.mayBeEmpty.filter(
    ({ value }) => reading.invariants.length > 0 && !reading.invariants.some((each) => each.value === value),
  );
  return [
    ...again(names),
    ...again(reading.fires),
    ...again(reading.mayFire),
    ...again(reading.invariants),
    ...again(reading.mayBeEmpty),
    ...left.map(({ path, value }) => wrongValue(path, "one of the scenario's `invariants`", value)),
  ];
}

function again(names: readonly Placed<string>[]): readonly Mistake[] {
  return names
    .filter(({ value }, index) => names.findIndex((each) => each.value === value) < index)
    .map(({ path, value }) => wrongValue(path, "a name that is not yet in the list", value));
}
