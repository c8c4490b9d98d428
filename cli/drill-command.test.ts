import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readRecord } from "../evidence/index.ts";
import { alertsOf, parseRules, renderDashboard, renderRules } from "../signals/index.ts";
import { type CommandLine, openCommandLine } from "./testing/command-line.ts";

let kanit: CommandLine;
beforeAll(async () => {
  kanit = await openCommandLine();
});
afterAll(async () => {
  await kanit[Symbol.asyncDispose]();
});

describe("an invalid drill", () => {
  it("lists the existing alerts when one does not exist", async () => {
    const { exitCode, stderr } = await kanit.run(["drill", "FeedStael"]);
    expect(exitCode).toBe(64);
    expect(stderr).toMatch(
      /^kanit: Expected the name of an alert, got "FeedStael"\. Known are .*FeedStale, /,
    );
  });

  it("names the largest time scale that the rules allow", async () => {
    const { exitCode, stderr } = await kanit.run(["drill", "--time-scale", "1000"]);
    expect(exitCode).toBe(64);
    expect(stderr).toContain("Use a time scale of at most 120.");
  });

  it("reports errors of a rule file, and that recording rules alone cannot be drilled", async () => {
    const path = join(kanit.temporaryDirectory, "mine.yml");
    await writeFile(path, "groups: [{ name: a, rules: [{ alert: A, expr: 'sum(' }] }]");
    const broken = await kanit.run(["drill", "--rules", path]);
    expect(broken.exitCode).toBe(64);
    await writeFile(path, "groups: [{ name: a, rules: [{ record: a, expr: 'sum(b)' }] }]");
    const recording = await kanit.run(["drill", "--rules", path]);
    expect(recording).toMatchObject({ exitCode: 64 });
    expect(recording.stderr).toContain("Recording rules alone cannot be drilled");
  });
});

describe("a drill that is interrupted", () => {
  it("is inconclusive, says when, and keeps its report", { timeout: 60_000 }, async () => {
    const out = join(kanit.temporaryDirectory, "out");
    const drill = kanit.start(["drill", "ApiLatencyP95High", "--out", out]);
    await drill.until(/▸ quiet/);
    drill.process.kill("SIGINT");
    const { exitCode, stdout, stderr } = await drill.ended;
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: "" });
    const [run = "none"] = await readdir(out);
    const record = await readRecord(join(out, run, "drill.json"));
    expect(record).toMatchObject({
      verdict: "inconclusive",
      quiet: { verdict: "inconclusive", why: expect.stringMatching(/Interrupted by SIGINT after \d/) },
      triggers: [{ trigger: "ApiLatencyP95High", verdict: "inconclusive", outcome: "undecided" }],
    });
    expect(stdout).toContain(`${run}/index.html`);
    const verified = await kanit.run(["verify", join(out, run)]);
    expect(verified, verified.stdout).toMatchObject({ exitCode: 0 });
  });
});

describe("an export", () => {
  it("prints the rules as Prometheus loads them", async () => {
    const { exitCode, stdout } = await kanit.run(["export", "prometheus"]);
    expect(exitCode).toBe(0);
    expect(stdout.trimEnd()).toBe((await renderRules()).trimEnd());
  });

  it("writes the dashboard as Grafana imports it to a file, without printing", async () => {
    const path = join(kanit.temporaryDirectory, "dashboard.json");
    expect(await kanit.run(["export", "grafana", "--out", path])).toMatchObject({ exitCode: 0, stdout: "" });
    expect(await readFile(path, "utf8")).toBe(renderDashboard());
  });

  it("is for the platform of the definition: its names, its path, and nothing that it lacks", async () => {
    const platform = ["--platform", "examples/go-platform/platform.yml"];
    const { exitCode, stdout } = await kanit.run(["export", "prometheus", ...platform]);
    expect(exitCode).toBe(0);
    const groups = parseRules(stdout, "the exported rules");
    const [mapping] = groups;
    expect(mapping?.rules.map(({ name }) => name)).toContain("http_requests_total");
    const alerts = alertsOf(groups).map(({ name }) => name);
    expect(alerts).toEqual(
      expect.arrayContaining(["HttpErrorRateHigh", "FeedStale", "LatencyBudgetBurns1h"]),
    );
    for (const name of ["CspViolationsHigh", "CspViolationsHighAbsent", "BistFeedStaleAbsent"]) {
      expect(alerts).not.toContain(name);
      expect(stdout).toContain(`#   ${name}: needs `);
    }
    expect(stdout).toContain('route!="/stats"');
    expect(stdout).not.toContain('route!="/metrics"');
    const dashboard = await kanit.run(["export", "grafana", ...platform]);
    expect(dashboard.stdout).toContain('route!=\\"/stats\\"');
    expect(dashboard.stdout).not.toContain("event_loop_lag_seconds");
  });

  it("refuses what it cannot export", async () => {
    const { exitCode, stderr } = await kanit.run(["export", "datadog"]);
    expect(exitCode).toBe(64);
    expect(stderr).toContain("prometheus, grafana");
  });
});
