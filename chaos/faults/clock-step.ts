import { steadyClock } from "../../core/index.ts";
import { choice, wholeNumber } from "../proxy/toxics/attribute-spec.ts";
import type { FaultKind } from "./fault-kind.ts";
import { type FaultIn, stateFault } from "./fault-statement.ts";
import { BESIDE_THE_LINKS, outOfReach } from "./process-injection.ts";

/** What dates the platform's answers counts whole seconds: a smaller step would not show. */
const LEAST_STEP_MS = 2_000;
const SECOND_MS = 1_000;

const statement = stateFault({
  kind: "clock-step",
  specs: {
    // The clocks of the others are those by which it is judged.
    process: choice("which process of the lab", ["platform"]),
    step: wholeNumber("ms", "by how much its clock is wrong", {
      min: LEAST_STEP_MS,
      max: 31_536_000_000,
    }),
    direction: choice("whether it is ahead of the machine's clock or behind it", ["ahead", "behind"]),
  },
  required: ["process", "step"],
  placeOf: ({ process }) => process,
});

type ClockStep = FaultIn<typeof statement>;

/** A clock is set: by an operator, by a time server after a long absence, on a resumed virtual machine. */
export const clockStep: FaultKind<ClockStep> = {
  ...statement,
  ...BESIDE_THE_LINKS,
  exclusive: ({ process }) => `the clock of the process ${process}`,
  summary: "the platform's time of day is suddenly another one; the clock by which it waits goes on",
  healing: "The clock steps back to the machine's time, within about two seconds.",
  label: ({ process, stepMs, direction }) => `clock of ${process} ${stepMs / SECOND_MS} s ${direction}`,
  async inject(fault, { processes }) {
    const label = clockStep.label(fault);
    if (processes === null) throw outOfReach(label);
    const byMs = fault.direction === "ahead" ? fault.stepMs : -fault.stepMs;
    const stepped = await processes.stepClock(byMs);
    const sinceMs = steadyClock.monotonicMs();
    let lastedMs: number | null = null;
    return {
      label,
      heal: async () => {
        await stepped.restore();
        lastedMs ??= steadyClock.monotonicMs() - sinceMs;
      },
      bite: async () => {
        const sight = stepped.sight();
        if (sight === "undated") return { kind: "unknown", why: UNDATED };
        const durationMs = sight === "seen" ? (lastedMs ?? steadyClock.monotonicMs() - sinceMs) : 0;
        return { kind: "lasted", state: "was seen to have another time", durationMs };
      },
    };
  },
};

const UNDATED = "no answer of the platform had a Date header, so that nothing shows which time it has";
