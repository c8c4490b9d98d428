import { UsageError } from "../../core/index.ts";
import { formatLsn, type Lsn, parseLsn } from "../wal/lsn.ts";

/** The moment to which a database is restored. */
export type RecoveryTarget =
  | { readonly kind: "time"; readonly atMicros: bigint }
  | { readonly kind: "lsn"; readonly lsn: Lsn }
  | { readonly kind: "restore-point"; readonly name: string }
  /** Everything that was committed before this transaction, and not it. */
  | { readonly kind: "before-transaction"; readonly xid: number }
  /** All that the archive has. */
  | { readonly kind: "latest" };

const MICROS_PER_MS = 1_000n;
const TIME = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,6}))?Z$/;

/**
 * Reads a time with up to six digits behind the second, as Postgres has them: `2026-03-14T10:15:00.123456Z`.
 *
 * @throws UsageError `bad-time`
 */
export function parseTargetTime(text: string): bigint {
  const [, seconds, fraction = ""] = TIME.exec(text) ?? [];
  const ms = seconds === undefined ? Number.NaN : Date.parse(`${seconds}Z`);
  if (Number.isNaN(ms)) {
    throw new UsageError({
      code: "bad-time",
      message: `Expected a time in UTC such as 2026-03-14T10:15:00.123456Z, got ${JSON.stringify(text)}.`,
      nextStep: "The zone has to be said: a time without one is another moment on another machine.",
    });
  }
  return BigInt(ms) * MICROS_PER_MS + BigInt(fraction.padEnd(6, "0"));
}

/** The time as {@link parseTargetTime} reads it. */
export function formatMicros(micros: bigint): string {
  const ms = Number(micros / MICROS_PER_MS);
  return new Date(ms).toISOString().replace("Z", `${String(micros % MICROS_PER_MS).padStart(3, "0")}Z`);
}

/** The target in words: `2026-03-14T10:15:00.123456Z`, `before transaction 812`. */
export function describeTarget(target: RecoveryTarget): string {
  switch (target.kind) {
    case "time":
      return formatMicros(target.atMicros);
    case "lsn":
      return formatLsn(target.lsn);
    case "restore-point":
      return `the restore point ${JSON.stringify(target.name)}`;
    case "before-transaction":
      return `just before transaction ${target.xid}`;
    case "latest":
      return "the end of the archive";
  }
}

/** The target of a command line, of which exactly one part is given. */
export function readTarget(given: {
  readonly time: string | null;
  readonly lsn: string | null;
  readonly name: string | null;
  readonly beforeXid: number | null;
}): RecoveryTarget {
  const { time, lsn, name, beforeXid } = given;
  const targets: readonly (RecoveryTarget | null)[] = [
    time === null ? null : { kind: "time", atMicros: parseTargetTime(time) },
    lsn === null ? null : { kind: "lsn", lsn: parseLsn(lsn) },
    name === null ? null : { kind: "restore-point", name },
    beforeXid === null ? null : { kind: "before-transaction", xid: beforeXid },
  ];
  const [first, ...others] = targets.filter((target) => target !== null);
  if (others.length > 0) {
    throw new UsageError({
      code: "several-targets",
      message: "Expected one moment to restore to, got several.",
      nextStep: "Name it by time, by place in the log, by restore point or by transaction.",
    });
  }
  return first ?? { kind: "latest" };
}
