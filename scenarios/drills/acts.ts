import { completeFault, type Fault } from "../../chaos/index.ts";
import type { Act, LabFaultInput } from "../../harness/index.ts";
import type { DefectName } from "../../platform/index.ts";

/** The environment that starts Spark with a planted defect. */
export function plantedDefect(defect: DefectName): Readonly<Record<string, string>> {
  return { SPARK_DEFECTS: defect };
}

/** Statements that match `pattern` fail without being executed; `first` limits how many. */
export function queryError(choice: { readonly pattern: string; readonly first?: number }): Act {
  return faultAct({ kind: "pg-error-reply", link: "pgbouncer", ...choice });
}

/** An act that injects a fault. */
export function faultAct(input: LabFaultInput): Act {
  return { kind: "fault", fault: labFault(input) };
}

/** Completes a fault with the defaults of its kind. */
export function labFault(input: LabFaultInput): Fault {
  return completeFault(input);
}
