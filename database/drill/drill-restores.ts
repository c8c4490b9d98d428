import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Clock, Random } from "../../core/index.ts";
import type { BackupRecord } from "../backup/backup-record.ts";
import type { PostgresPrograms } from "../instance/programs.ts";
import { isProved, type Proof } from "../proof/proof.ts";
import { proveMoment } from "../proof/prove-moment.ts";
import { proveStructure } from "../proof/prove-structure.ts";
import { formatMicros, parseTargetTime } from "../restore/recovery-target.ts";
import { restoreDatabase } from "../restore/restore.ts";
import { type KnownOrder, proveOrders } from "./known-order.ts";

/** Nobody has to have placed an order after the last moment. */
const MAY_BE_EMPTY = new Set(["orders placed after the moment"]);

export interface RestoreDrillOptions {
  readonly programs: PostgresPrograms;
  readonly backup: { readonly folder: string; readonly record: BackupRecord };
  readonly archive: string;
  readonly known: readonly KnownOrder[];
  /** Where the orders are: the database, and a query with a column `idempotency_key`. */
  readonly ledger: { readonly database: string; readonly orders: string };
  readonly targets: number;
  readonly random: Random;
  readonly clock: Clock;
  /** A folder for what is restored; each restore is removed when it is proved. */
  readonly workDirectory: string;
  readonly onRestored: (drilled: DrilledRestore) => void;
  readonly signal: AbortSignal;
}

/** A restore to one moment, and whether it was proved. */
export interface DrilledRestore {
  readonly target: string;
  /** From the request until the server accepted changes. */
  readonly tookMs: number;
  readonly proofs: readonly Proof[];
  readonly verdict: "pass" | "fail" | "inconclusive";
}

/**
 * Restores to moments that are drawn between the first and the last answer to a client, and proves each. Returns none
 * when no order was accepted: there is nothing by which they could be proved.
 */
export async function drillRestores(options: RestoreDrillOptions): Promise<readonly DrilledRestore[]> {
  const { backup, known, random, targets, signal } = options;
  const stoppedMicros = parseTargetTime(backup.record.stoppedAt);
  const answered = known
    .filter(({ isAccepted, answeredMicros }) => isAccepted && answeredMicros > stoppedMicros)
    .map(({ answeredMicros }) => answeredMicros)
    .toSorted((one, other) => (one < other ? -1 : 1));
  const [first, last] = [answered[0], answered.at(-1)];
  if (first === undefined || last === undefined) return [];
  const drilled: DrilledRestore[] = [];
  for (let number = 1; number <= targets && !signal.aborted; number++) {
    const atMicros = first + 1n + BigInt(random.below(Number(last - first) + 1));
    const restore = await drillOne(options, number, atMicros);
    drilled.push(restore);
    options.onRestored(restore);
  }
  return drilled;
}

async function drillOne(
  options: RestoreDrillOptions,
  number: number,
  atMicros: bigint,
): Promise<DrilledRestore> {
  const { programs, backup, archive, ledger, known, clock, workDirectory } = options;
  const to = join(workDirectory, `restored-${number}`);
  const logDirectory = join(workDirectory, `log-${number}`);
  const target = { kind: "time", atMicros } as const;
  const restored = await restoreDatabase({
    programs,
    backup: backup.folder,
    archive,
    target,
    to,
    logDirectory,
    clock,
  });
  try {
    const { instance } = restored;
    const rows = await instance.query(ledger.database, ledger.orders);
    const keys = new Set(rows.map(({ idempotency_key: key }) => key ?? ""));
    const proofs = [
      ...(await proveMoment(restored)),
      ...proveOrders(known, atMicros, keys),
      ...(await proveStructure(instance)),
    ];
    return { target: formatMicros(atMicros), tookMs: restored.tookMs, proofs, verdict: verdictOf(proofs) };
  } finally {
    await restored.instance[Symbol.asyncDispose]();
    await rm(to, { recursive: true, force: true });
  }
}

/** Wrong is a failure; a proof that judged nothing leaves the restore undecided. */
export function verdictOf(proofs: readonly Proof[]): DrilledRestore["verdict"] {
  if (proofs.some(({ violations }) => violations.length > 0)) return "fail";
  return proofs.every((proof) => isProved(proof) || MAY_BE_EMPTY.has(proof.name)) ? "pass" : "inconclusive";
}
