import { GATE_SCHEMA, type GateCheckRecord, type GateRecord } from "../../evidence/index.ts";

/** A check that passed, with changes. */
export function fixtureGateCheck(changes: Partial<GateCheckRecord> = {}): GateCheckRecord {
  return {
    id: "sequence-anomalies",
    title: "Sequence anomalies",
    question: "Which sequences have used most of their range?",
    verdict: "pass",
    standing: "judged",
    summary: "2 sequences, at most 0.1 % used",
    reasons: [],
    passes: "each has used at most 70 %",
    risk: "At the end of the range every insert fails.",
    fix: "Widen the column to bigint before the release.",
    command: 'psql "$DATABASE_URL" -c "SELECT * FROM pg_sequences"',
    tookMs: 41,
    evidence: [{ name: "sequences_v1.4.0.txt", sha256: "b14c".repeat(16), bytes: 312 }],
    ...changes,
  };
}

/** A gate with these checks. */
export function fixtureGate(
  checks: readonly GateCheckRecord[],
  changes: Partial<GateRecord> = {},
): GateRecord {
  return {
    schema: GATE_SCHEMA,
    gate: "preflight",
    title: "60-second preflight",
    question: "Is what surrounds the release in order?",
    release: "v1.4.0",
    target: "https://canary.example.com",
    targetKind: "release-file",
    commit: "b14c".repeat(10),
    deployer: "mara",
    command: "kanit preflight v1.4.0",
    startedAt: "2025-06-01T12:00:00.000Z",
    endedAt: "2025-06-01T12:00:03.000Z",
    tookMs: 3_000,
    verdict: "pass",
    checks,
    problems: [],
    ...changes,
  };
}
