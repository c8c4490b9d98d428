import type { Artifact, ArtifactProof } from "./artifact.ts";

const test = (path: string): ArtifactProof => ({ kind: "test", path });
const gate = (name: string): ArtifactProof => ({ kind: "gate", gate: name });

type Row = readonly [name: string, places: readonly string[], proof: ArtifactProof];

const MIGRATIONS = "platform/prisma/migrations";
const RULES = test("signals/rules/rule-cases.test.ts");
/** The documents in which lists come from the code; the test proves that they are current. */
const DOCUMENTS = test("project/generate-docs.test.ts");
const CANARY = test("gates/canary/run-canary.test.ts");
const SHOW = test("gates/run-of-show/run-show.test.ts");
const PAGES = test("project/pages.test.ts");

/** The artifacts in the order of the index, with the names that it gives them. */
const ROWS: readonly Row[] = [
  [
    "Position Partial UNIQUE Index Migration",
    [`${MIGRATIONS}/20240918101500_position_partial_unique_index/migration.sql`],
    test("platform/migrations.test.ts"),
  ],
  ["Enhanced Idempotency Service", ["platform/orders/idempotency.ts"], test("platform/orders.test.ts")],
  ["Decimal-Only Money Utils", ["platform/money.ts"], test("platform/money.test.ts")],
  ["CSP/COEP Smoke Tests", ["gates/preflight/security-headers.ts"], gate("preflight")],
  [
    "PITR + pgBouncer Setup",
    ["lab/local/pgbouncer.ts", "database/index.ts"],
    test("database/restore/restore.test.ts"),
  ],
  ["Validation Sign-off Checklist", ["docs/release/VALIDATION_SIGN_OFF.md"], DOCUMENTS],
  ["Enhanced PR Template", [".github/pull_request_template.md"], PAGES],
  ["GO/NO-GO Checklist", ["docs/release/GO_NO_GO_CHECKLIST.md"], gate("go-no-go")],
  [
    "Canary Deployment Protocol",
    ["docs/release/CANARY_DEPLOYMENT_PROTOCOL.md", "gates/canary/run-canary.ts"],
    CANARY,
  ],
  [
    "First Night Monitoring",
    ["docs/release/FIRST_NIGHT_MONITORING.md", "gates/first-night/keep-night.ts"],
    test("gates/first-night/keep-night.test.ts"),
  ],
  ["Incident Response Template", ["docs/release/INCIDENT_RESPONSE.md"], PAGES],
  ["Pre-Deployment Blind Spots", ["docs/release/PRE_DEPLOYMENT_BLIND_SPOTS.md"], gate("blind-spots")],
  ["Canary Run-of-Show", ["scripts/run-of-show.sh"], SHOW],
  ["Rollback Script (PowerShell)", ["scripts/rollback.ps1", "scripts/rollback.sh"], gate("rollback")],
  ["Metrics Snapshot (Bash)", ["scripts/snapshot-metrics.sh"], test("gates/snapshot/snapshot.test.ts")],
  ["Green Button Ritual", ["scripts/green-button-ritual.sh"], test("ritual/perform-ritual.test.ts")],
  ["60s Preflight", ["scripts/60s-preflight.sh"], gate("preflight")],
  ["Micro Blast Radius Test", ["scripts/micro-blast-radius-test.sh"], gate("blast")],
  [
    "Release One-Liner Generator",
    ["scripts/generate-release-oneliner.sh"],
    test("gates/release-report/report-release.test.ts"),
  ],
  ["Artifact Completeness Check", ["scripts/check-artifact-completeness.sh"], gate("artifacts")],
  ["Chaos Engineering Suite", ["scenarios/index.ts", "docs/faults.md"], test("runs/catalog.scenario.ts")],
  ["Resilience Tests", ["runs/catalog.scenario.ts"], test("runs/defects.scenario.ts")],
  [
    "Contract Testing Suite",
    ["contracts/main.ts", "docs/contracts.md"],
    test("contracts/consumer/consumer.test.ts"),
  ],
  ["Outbox Dispatcher", ["platform/runtime/outbox-dispatcher.ts"], test("platform/platform.test.ts")],
  [
    "Grafana Dashboard (10 panels)",
    ["signals/exports/kanit-dashboard.json"],
    test("signals/exports/exports.test.ts"),
  ],
  ["Alert Rules (Standard)", ["signals/rules/standard.yml"], RULES],
  ["Enhanced Rollback Rules", ["signals/rules/enhanced.yml", "signals/rules/auto-guards.yml"], RULES],
  ["Signal Enrichment Rules", ["signals/rules/signal-enrichment.yml"], RULES],
  ["Contract & Chaos CI Workflow", [".github/workflows/nightly.yml"], PAGES],
  [
    "Database Restore Runbook",
    ["docs/release/DATABASE_RESTORE_RUNBOOK.md"],
    test("cli/database-command.test.ts"),
  ],
  ["Validation Package Docs", ["docs/reading-a-report.md", "docs/release/RELEASE_FILE.md"], PAGES],
  ["Red Team Checklist", ["docs/release/RED_TEAM_CHECKLIST.md"], gate("red-team")],
  ["Corner Cases & Expensive Mistakes", ["gates/red-team/red-team.ts"], gate("red-team")],
  ["Release Notes Template", ["docs/release/RELEASE_NOTES.md"], PAGES],
  [
    "Ultimate Deployment Package",
    ["docs/release/QUICK_START_DEPLOYMENT.md", "docs/release/ARTIFACTS.md"],
    DOCUMENTS,
  ],
  ["Deployment Artifacts Index", ["docs/release/ARTIFACTS.md"], DOCUMENTS],
  ["QUICK_START_DEPLOYMENT.md", ["docs/release/QUICK_START_DEPLOYMENT.md"], PAGES],
  ["CANARY_RUN_OF_SHOW.md", ["docs/release/CANARY_RUN_OF_SHOW.md"], SHOW],
  ["War-Room Protocol", ["docs/release/WAR_ROOM.md"], PAGES],
  ["v1.5 Radar", ["docs/release/RADAR.md"], PAGES],
];

/** The 40 artifacts of the deployment index. */
export const ARTIFACTS: readonly Artifact[] = ROWS.map(([name, places, proof], index) => ({
  number: index + 1,
  name,
  places,
  proof,
}));
