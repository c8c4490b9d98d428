import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { completenessFindings } from "./completeness.ts";
import { EVIDENCE_NAMES, evidenceNamed, nameFor, STAGES } from "./evidence-names.ts";
import { type FileToFile, fileForRelease } from "./release-archive.ts";
import { readReleaseJournal } from "./release-journal.ts";
import { fileBefore, fileNamed, NOW_MS, releasesIn } from "./testing/sealed-release.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "kanit-list-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const file = (commit: string | null, ...files: readonly FileToFile[]) =>
  fileForRelease(releasesIn(root), "v1.4.0", { command: "kanit", commit, target: null, files });
const check = async (folder: string, nowMs = NOW_MS) =>
  completenessFindings(await readReleaseJournal(folder), "before", nowMs)
    .filter(({ verdict }) => verdict === "fail")
    .map(({ code, line }) => `${code}: ${line}`);

/** As the two requirement documents list them; a range in brackets stands for each of its names. */
const PACKAGE_FILES =
  `preflight.txt pgbouncer_pools_v1.4.0.tsv prisma_status_v1.4.0.txt csp_headers_v1.4.0.txt
  sequences_v1.4.0.txt feature_flags_v1.4.0.txt prom_targets_v1.4.0.txt baseline_v1.4.0.prom
  baseline_summary_v1.4.0.txt micro_blast_v1.4.0.log micro_api_v1.4.0.log micro_ws_v1.4.0.log
  micro_prom_v1.4.0.promql killswitch_dryrun_v1.4.0.json red_team_pass_v1.4.0.txt release_tag.txt
  sbom_v1.4.0.json build_provenance_v1.4.0.json go_nogo_signed_v1.4.0.txt blind_spots_scan_v1.4.0.txt
  baseline_metrics_v1.4.0.txt canary_plan_v1.4.0.txt rollout_stage_[1,5,25,50,100].txt
  db_health_stage_[1,5,25,50,100].txt pgbouncer_stage_[1,5,25,50,100].txt logs_stage_[1,5,25,50,100].txt
  release_oneliner_v1.4.0.txt hourly_log_[00-23].txt stability_report_24h.md
  contract_spot_20241024T120000Z.txt`.split(/\s+/);
const INDEX_FILES = `preflight.txt pgbouncer_pools_v1.4.0.tsv prisma_status_v1.4.0.txt csp_headers_v1.4.0.txt
  sequences_v1.4.0.txt feature_flags_v1.4.0.txt prom_targets_v1.4.0.txt baseline_v1.4.0.prom
  pg_dead_tuples_top5.txt micro_blast_v1.4.0.log idempotency_burst_test.txt decimal_tick_drift_test.txt
  outbox_clock_skew_test.txt csp_flood_test.txt sbom_v1.4.0.json build_provenance_v1.4.0.json
  go_nogo_signed_v1.4.0.txt red_team_pass_v1.4.0.txt artifact_count.txt rollback_dryrun.txt
  rollout_stage_[1,5,25,50,100].txt db_health_stage_[1,5,25,50,100].txt
  pgbouncer_stage_[1,5,25,50,100].txt logs_stage_[1,5,25,50,100].txt summary_stage_[1,5,25,50,100].txt
  hourly_log_[00-23].txt stability_report_24h.md release_oneliner_v1.4.0.txt mini_rca_v1.4.0.md`.split(/\s+/);

function spelledOut(name: string): readonly string[] {
  const [before = "", range, after = ""] = name.split(/\[|\]/);
  if (range === undefined) return [name];
  const [first = "", last] = range.split("-");
  const parts =
    last === undefined
      ? range.split(",")
      : Array.from({ length: Number(last) - Number(first) + 1 }, (_, index) =>
          String(index).padStart(2, "0"),
        );
  return parts.map((part) => `${before}${part}${after}`);
}

describe("the list of evidence", () => {
  it("has 20 files before a deployment, 25 during it, and those after it", () => {
    const counts = STAGES.map(
      (stage) => EVIDENCE_NAMES.filter((each) => each.required && each.stage === stage).length,
    );
    // The index counts 10 after it, and names 24 hourly logs and three others.
    expect(counts).toEqual([20, 25, 27]);
  });

  it("has each file that the deployment package and the master index name", () => {
    const named = [...PACKAGE_FILES, ...INDEX_FILES].flatMap(spelledOut);
    expect(named.filter((name) => evidenceNamed(name, "v1.4.0") === null)).toEqual([]);
    const required = EVIDENCE_NAMES.filter((each) => each.required).map((each) => nameFor(each, "v1.4.0"));
    expect(INDEX_FILES.flatMap(spelledOut).filter((name) => !required.includes(name))).toEqual([]);
  });

  it("knows files by their name for a release, also those of which there are several", () => {
    expect(evidenceNamed("sbom_v1.4.0.json", "v1.4.0")?.title).toBe("Software bill of materials");
    expect(evidenceNamed("sbom_v1.3.0.json", "v1.4.0")).toBeNull();
    expect(evidenceNamed("contract_spot_20250801T120000Z.txt", "v1.4.0")?.stage).toBe("after");
    expect(evidenceNamed("contract_spot_.txt", "v1.4.0")).toBeNull();
  });
});

describe("what is filed is compared with the list", () => {
  it("and is complete with each of them once", async () => {
    expect(await check(await fileBefore(releasesIn(root), "v1.4.0"))).toEqual([]);
  });

  it("for what is missing, empty, under an unknown name, or the same twice", async () => {
    const { folder } = await file(
      null,
      fileNamed("preflight.txt", ""),
      fileNamed("artifact_count.txt", "same\n"),
      fileNamed("rollback_dryrun.txt", "same\n"),
      fileNamed("notes.txt"),
    );
    const found = await check(folder);
    expect(found).toContain("missing: pg_dead_tuples_top5.txt is missing");
    expect(found.filter((line) => line.startsWith("missing"))).toHaveLength(17);
    expect(found.slice(17)).toEqual([
      "empty: preflight.txt has no bytes",
      "extra: notes.txt has a name that no list of evidence has",
      "duplicate: artifact_count.txt and rollback_dryrun.txt are the same, byte for byte",
    ]);
  });

  it("for what is of another commit, or more than a day old", async () => {
    await file("a".repeat(40), fileNamed("preflight.txt"));
    const { folder } = await file(
      "b".repeat(40),
      fileNamed("artifact_count.txt", "x", NOW_MS - 25 * 3_600_000),
    );
    const stale = (await check(folder)).filter((line) => line.startsWith("stale"));
    expect(stale).toEqual([
      "stale: preflight.txt: of commit aaaaaaaaaaaa, and the release is of bbbbbbbbbbbb",
      "stale: artifact_count.txt is 25 h old, more than 24 h",
    ]);
  });
});
