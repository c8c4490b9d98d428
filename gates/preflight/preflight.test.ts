import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { evidenceNames } from "../engine/check.ts";
import { queryRows } from "../engine/sql.ts";
import type { Target } from "../engine/target.ts";
import { type GatedLab, startGatedLab } from "../testing/gated-lab.ts";
import { drillChecks, rehearseGate, runOneCheck } from "../testing/rehearsal.ts";
import { PREFLIGHT } from "./preflight.ts";
import { sequenceAnomalies } from "./sequence-anomalies.ts";

let gated: GatedLab;
beforeAll(async () => {
  gated = await startGatedLab();
});
afterAll(() => gated[Symbol.asyncDispose]());

/** What did not pass, and why. */
async function troubles(parts: Partial<Target["parts"]>) {
  const { record } = await rehearseGate(gated, PREFLIGHT, parts);
  expect(record.verdict).not.toBe("pass");
  const open = record.checks.filter(({ verdict }) => verdict !== "pass");
  for (const reason of open.flatMap(({ reasons }) => reasons)) expect(reason).not.toContain("\n");
  return Object.fromEntries(open.map(({ id, verdict, reasons }) => [id, `${verdict}: ${reasons[0]}`]));
}

describe("preflight on a sound lab", () => {
  it("passes all ten checks, and files what the release's list of evidence names", async () => {
    const { record, filing } = await rehearseGate(gated, PREFLIGHT);
    expect(record.checks.flatMap(({ id, reasons }) => reasons.map((reason) => `${id}: ${reason}`))).toEqual(
      [],
    );
    expect(record).toMatchObject({ verdict: "pass", problems: [] });
    expect(record.checks).toHaveLength(10);
    expect([...filing.files.keys()].sort()).toEqual([
      "baseline_summary_v1.4.0.txt",
      "baseline_v1.4.0.prom",
      "csp_headers_v1.4.0.txt",
      "feature_flags_v1.4.0.txt",
      "gate_preflight.json",
      "index.html",
      "pg_dead_tuples_top5.txt",
      "pgbouncer_pools_v1.4.0.tsv",
      "preflight.txt",
      "prisma_status_v1.4.0.txt",
      "prom_targets_v1.4.0.txt",
      "sequences_v1.4.0.txt",
    ]);
    expect(filing.files.get("preflight.txt")?.text).toMatch(
      /Identity and time seal\n {2}sha {7}[0-9a-f]{40}\n/,
    );
  });
});

describe("a bad day: preflight has one clear line, and never passes, when", () => {
  const nowhere = new URL("http://127.0.0.1:1");

  it("the platform is down", async () => {
    const found = await troubles({ url: nowhere, metrics: new URL("/metrics", nowhere), features: null });
    expect(found).toEqual({
      "security-headers": expect.stringMatching(
        /^inconclusive: Expected an answer to GET http.*ECONNREFUSED/,
      ),
      "feature-flag-defaults": "inconclusive: not run: needs features",
      "baseline-metrics": expect.stringMatching(
        /^inconclusive: Expected an answer to GET http.*ECONNREFUSED/,
      ),
    });
  });

  it("the database refuses, and the password of pgBouncer is wrong", async () => {
    const { target } = gated;
    const console = new URL(target.parts.pgbouncer?.console ?? "");
    console.password = "wrong";
    const found = await troubles({
      database: "postgresql://mara:secret@127.0.0.1:1/spark",
      pgbouncer: { console: console.href, poolMode: "transaction" },
    });
    expect(found).toEqual({
      "time-drift": expect.stringMatching(/^inconclusive: .*ECONNREFUSED/),
      "pgbouncer-saturation": expect.stringMatching(/^inconclusive: .*(?:authentication|SASL)/),
      "migration-status": expect.stringMatching(/^inconclusive: .*ECONNREFUSED/),
      "sequence-anomalies": expect.stringMatching(/^inconclusive: .*ECONNREFUSED/),
      "postgres-bloat": expect.stringMatching(/^inconclusive: .*ECONNREFUSED/),
    });
  });

  it("an HTML page comes where JSON and metrics are due", async () => {
    const { url } = gated.target.parts;
    const page = new URL("/dashboard", url ?? undefined);
    const found = await troubles({
      metrics: page,
      features: { url: page, defaults: { "execution.enabled": true } },
      prometheus: { url: page.href, targets: ["platform"], rules: null },
    });
    expect(found).toEqual({
      "feature-flag-defaults": expect.stringMatching(/^inconclusive: Expected JSON at \/dashboard/),
      "prometheus-targets": expect.stringMatching(/^inconclusive: Expected Prometheus's HTTP API/),
      "baseline-metrics": expect.stringMatching(/^inconclusive: Expected/),
    });
  });
});

describe("a sequence from which rows are drawn meanwhile", () => {
  it("is not behind its column", async () => {
    const { databaseUrl } = gated.lab.addresses;
    const { signal } = new AbortController();
    const insert = "INSERT INTO drawn_meanwhile DEFAULT VALUES";
    await queryRows(databaseUrl, ["CREATE TABLE drawn_meanwhile (id bigserial PRIMARY KEY)"], signal);
    let isOver = false;
    const drawing = (async () => {
      while (!isOver) await queryRows(databaseUrl, Array(200).fill(insert), signal);
    })();
    try {
      for (let asked = 0; asked < 5; asked++) {
        expect((await runOneCheck(gated, sequenceAnomalies, {})).reasons).toEqual([]);
      }
    } finally {
      isOver = true;
      await drawing;
      await queryRows(databaseUrl, ["DROP TABLE drawn_meanwhile"], signal);
    }
  });
});

describe("the mutants", () => {
  it("are seen by their checks, which are sound before: those that take least time", async () => {
    const quick = ["migration-status", "sequence-anomalies", "feature-flag-defaults", "baseline-metrics"];
    const rows = await drillChecks(
      gated,
      PREFLIGHT.checks.filter(({ id }) => quick.includes(id)),
    );
    expect(rows.map(({ check, sound, mutant }) => [check.id, sound, mutant])).toEqual(
      rows.map(({ check }) => [check.id, "pass", "fail"]),
    );
    expect(rows).toHaveLength(quick.length);
  });
});

describe("the evidence of preflight", () => {
  it("has names of its own for each file", () => {
    const names = PREFLIGHT.checks.flatMap((check) => evidenceNames(check, "v1.4.0"));
    const own = names.filter((name) => name !== PREFLIGHT.summaryFile);
    expect(new Set(own).size).toBe(own.length);
  });
});
