import type { FaultBite } from "../../core/index.ts";
import type { FaultRecord } from "../../evidence/index.ts";
import type { Operation } from "../../load/index.ts";
import type { ExperimentRecord } from "../experiment/experiment-record.ts";

/**
 * What an experiment was seen to reach: each operation with its outcome, and with each fault that touched something
 * while the operation was in progress. What a plan intends and does not reach is no coverage.
 */
export function featuresOf({
  operations,
  faults,
}: Pick<ExperimentRecord, "operations" | "faults">): ReadonlySet<string> {
  const seen = faults.filter(({ bite }) => touched(bite));
  return new Set(
    operations.flatMap((operation) => {
      const name = `${nameOf(operation)} → ${outcomeOf(operation)}`;
      const during = seen.filter((fault) => overlaps(fault, operation));
      return [name, ...during.map(({ kind, link }) => `${name}, ${kind} on ${link}`)];
    }),
  );
}

/** Whether a fault did anything. */
export function touched(bite: FaultBite): boolean {
  if (bite.kind === "counted") return bite.connections + bite.bytes + (bite.messages ?? 0) > 0;
  return bite.kind === "lasted" && bite.durationMs > 0;
}

function nameOf({ kind, attempt, request }: Operation): string {
  return [
    kind,
    ...(attempt > 1 ? ["again"] : []),
    ...(request.order === null ? [] : [request.order.venue]),
  ].join(" ");
}

function outcomeOf({ outcome, httpStatus, orderStatus, error }: Operation): string {
  return [outcome, httpStatus, orderStatus ?? error].filter((part) => part !== null).join(" ");
}

function overlaps({ injectedAtMs, healedAtMs }: FaultRecord, operation: Operation): boolean {
  return (
    injectedAtMs <= operation.endedAtMs && operation.startedAtMs <= (healedAtMs ?? Number.POSITIVE_INFINITY)
  );
}
