/** When a file of evidence is due: before the deployment, during the canary's stages, or after it. */
export const STAGES = ["before", "during", "after"] as const;
export type Stage = (typeof STAGES)[number];

/** A file that is known by name. */
export interface EvidenceName {
  /** With `{release}` and, for a name that several files have, `{time}`. */
  readonly name: string;
  readonly stage: Stage;
  /** What it shows, for the page. */
  readonly title: string;
  /** Whether a release without it is incomplete. */
  readonly required: boolean;
}

const SHARES = ["1", "5", "25", "50", "100"] as const;
const HOURS = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, "0"));

const required = (stage: Stage, name: string, title: string): EvidenceName => ({
  name,
  stage,
  title,
  required: true,
});
const known = (stage: Stage, name: string, title: string): EvidenceName => ({
  name,
  stage,
  title,
  required: false,
});

/** A stage of the canary leaves each of these. */
const ROLLOUT = [
  ["rollout_stage_", "metrics"],
  ["db_health_stage_", "database"],
  ["pgbouncer_stage_", "pools"],
  ["logs_stage_", "logs"],
  ["summary_stage_", "summary"],
] as const;

/** The files of a release, by the names of its evidence list: 20 before, 25 during, and those after it. */
export const EVIDENCE_NAMES: readonly EvidenceName[] = [
  required("before", "preflight.txt", "Preflight"),
  required("before", "pgbouncer_pools_{release}.tsv", "pgBouncer's pools"),
  required("before", "prisma_status_{release}.txt", "Migrations"),
  required("before", "csp_headers_{release}.txt", "Security headers"),
  required("before", "sequences_{release}.txt", "Sequences"),
  required("before", "feature_flags_{release}.txt", "Feature flags"),
  required("before", "prom_targets_{release}.txt", "Prometheus targets"),
  required("before", "baseline_{release}.prom", "Baseline, all metrics"),
  required("before", "pg_dead_tuples_top5.txt", "Dead tuples"),
  required("before", "micro_blast_{release}.log", "Micro blast radius"),
  required("before", "idempotency_burst_test.txt", "Corner case: idempotency burst"),
  required("before", "decimal_tick_drift_test.txt", "Corner case: decimal tick drift"),
  required("before", "outbox_clock_skew_test.txt", "Corner case: outbox clock skew"),
  required("before", "csp_flood_test.txt", "Corner case: CSP flood"),
  required("before", "sbom_{release}.json", "Software bill of materials"),
  required("before", "build_provenance_{release}.json", "Build provenance"),
  required("before", "go_nogo_signed_{release}.txt", "GO/NO-GO"),
  required("before", "red_team_pass_{release}.txt", "Red team"),
  required("before", "artifact_count.txt", "Artifact completeness"),
  required("before", "rollback_dryrun.txt", "Rollback rehearsal"),
  known("before", "baseline_summary_{release}.txt", "Baseline, key metrics"),
  known("before", "micro_api_{release}.log", "Micro blast radius: API"),
  known("before", "micro_ws_{release}.log", "Micro blast radius: WebSocket"),
  known("before", "micro_prom_{release}.promql", "Micro blast radius: PromQL"),
  known("before", "old_code_{release}.txt", "Old code on the new schema"),
  known("before", "killswitch_dryrun_{release}.json", "Kill switch rehearsal"),
  known("before", "license_drift_test.txt", "Corner case: license drift"),
  known("before", "release_tag.txt", "Release tag"),
  known("before", "blind_spots_scan_{release}.txt", "Blind spots"),
  known("before", "baseline_metrics_{release}.txt", "Metrics before the deployment"),
  known("before", "canary_plan_{release}.txt", "Canary plan"),
  ...ROLLOUT.flatMap(([prefix, what]) =>
    SHARES.map((share) => required("during", `${prefix}${share}.txt`, `Canary at ${share} %: ${what}`)),
  ),
  known("during", "rollback_{release}.txt", "Rollback"),
  known("during", "run_of_show_{release}.txt", "Run of show"),
  known("during", "war_room_{release}.txt", "War room"),
  ...HOURS.map((hour) => required("after", `hourly_log_${hour}.txt`, `First night, hour ${hour}`)),
  required("after", "stability_report_24h.md", "Stability over 24 hours"),
  required("after", "release_oneliner_{release}.txt", "Release in one line"),
  required("after", "mini_rca_{release}.md", "Short root cause analysis"),
  known("after", "contract_spot_{time}.txt", "Contract spot check"),
  known("after", "release_notes_{release}.md", "Release notes"),
  known("after", "incident_report_{release}.md", "Incident report"),
];

/** The name of a file for one release. */
export function nameFor({ name }: EvidenceName, release: string): string {
  return name.replace("{release}", release);
}

const TIMES = /^\d{8}T\d{6}Z$|^\d{4}-\d\d-\d\dT[\d:.-]{8,12}Z$|^\d{10,13}$/;

/** Finds what a file's name stands for; null for a name that no list has. */
export function evidenceNamed(path: string, release: string): EvidenceName | null {
  return (
    EVIDENCE_NAMES.find((each) => {
      const [before = "", after] = nameFor(each, release).split("{time}");
      if (after === undefined) return path === before;
      const time = path.slice(before.length, path.length - after.length);
      return path.startsWith(before) && path.endsWith(after) && TIMES.test(time);
    }) ?? null
  );
}
