import { choice } from "../proxy/toxics/attribute-spec.ts";
import type { FaultKind } from "./fault-kind.ts";
import { type FaultIn, stateFault } from "./fault-statement.ts";
import { PROCESS_ROLES } from "./faulty-processes.ts";
import { BESIDE_THE_LINKS, strikeProcess } from "./process-injection.ts";

const statement = stateFault({
  kind: "pause",
  specs: { process: choice("which process of the lab; exchanges: all venues", PROCESS_ROLES) },
  required: ["process"],
  placeOf: ({ process }) => process,
});

type Pause = FaultIn<typeof statement>;

/** A process does not run for a while, and does not know it: a long garbage collection, a moved virtual machine. */
export const pause: FaultKind<Pause> = {
  ...statement,
  ...BESIDE_THE_LINKS,
  exclusive: ({ process }) => `the process ${process}`,
  summary: "a process and all that it started stand still, with their connections open",
  healing: "The process is resumed.",
  label: ({ process }) => `${process} paused`,
  inject: (fault, context) =>
    strikeProcess(
      {
        label: pause.label(fault),
        state: "was paused",
        strike: (processes) => processes.pause(fault.process),
      },
      context,
    ),
};
