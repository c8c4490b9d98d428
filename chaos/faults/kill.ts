import { choice } from "../proxy/toxics/attribute-spec.ts";
import type { FaultKind } from "./fault-kind.ts";
import { type FaultIn, stateFault } from "./fault-statement.ts";
import { BESIDE_THE_LINKS, strikeProcess } from "./process-injection.ts";

const statement = stateFault({
  kind: "kill",
  specs: {
    // Not the exchanges: they keep their books in memory, which nothing could be compared with afterwards.
    process: choice("which process of the lab", ["platform", "postgres", "pgbouncer"]),
  },
  required: ["process"],
  placeOf: ({ process }) => process,
});

type Kill = FaultIn<typeof statement>;

/** A process ends without warning: out of memory, a crash, a lost machine. */
export const kill: FaultKind<Kill> = {
  ...statement,
  ...BESIDE_THE_LINKS,
  exclusive: ({ process }) => `the process ${process}`,
  summary: "a process is killed with SIGKILL, and stays dead until it is started again",
  healing: "The process is started again, at the same address and with what it had written.",
  label: ({ process }) => `${process} killed`,
  inject: (fault, context) =>
    strikeProcess(
      {
        label: kill.label(fault),
        state: "was dead",
        strike: (processes) => processes.kill(fault.process),
      },
      context,
    ),
};
