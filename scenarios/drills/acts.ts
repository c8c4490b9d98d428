import { completeFault, type Fault } from "../../chaos/index.ts";
import type { Act, LabFaultInput } from "../../harness/index.ts";
import type { DefectName } from "../../platform/index.ts";

/** What starts Spark with a bug in it. */
export function plantedDefect(defect: DefectName): Readonly<Record<string, string>> {
  return { SPARK_DEFECTS: defect };
}

/** Statements whose text matches are answered by an error and not carried out; `first`: only so many of them. */
export function queryError(choice: { readonly pattern: string; readonly first?: number }): Act {
  return faultAct({ kind: "pg-error-reply", link: "pgbouncer", ...choice });
}

/** A fault as an act. */
export function faultAct(input: LabFaultInput): Act {
  return { kind: "fault", fault: labFault(input) };
}

/** A fault on a link of the lab, with the defaults of its kind. */
export function labFault(input: LabFaultInput): Fault {
  return completeFault(input);
}
