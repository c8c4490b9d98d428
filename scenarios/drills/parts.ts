import { completeFault, type Fault, type FaultKindName } from "../../chaos/index.ts";
import type { Act } from "../../harness/index.ts";
import type { LinkName } from "../../lab/index.ts";
import type { DefectName } from "../../platform/index.ts";

/** What starts Spark with a bug in it. */
export function plantedDefect(defect: DefectName): Readonly<Record<string, string>> {
  return { SPARK_DEFECTS: defect };
}

/** Statements whose text matches are answered by an error and not carried out; `first`: only so many of them. */
export function queryError(choice: { readonly pattern: string; readonly first?: number }): Act {
  return faultAct({ kind: "pg-error-reply", link: "pgbouncer", ...choice });
}

/** What a fault is given as, with the defaults of its kind left out. */
interface FaultParts {
  readonly kind: FaultKindName;
  readonly link: LinkName;
  readonly [attribute: string]: unknown;
}

/** A fault as an act. */
export function faultAct(parts: FaultParts): Act {
  return { kind: "fault", fault: labFault(parts) };
}

/** A fault on a link of the lab, with the defaults of its kind. */
export function labFault(parts: FaultParts): Fault {
  return completeFault(parts);
}
