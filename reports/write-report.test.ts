import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SecretRegistry } from "../core/index.ts";
import {
  createArchive,
  readRecord,
  readRunRecord,
  type ScenarioRecord,
  verifyArchive,
} from "../evidence/index.ts";
import { renderHtml } from "./html/run-page.ts";
import { renderJunit } from "./junit.ts";
import { renderMarkdown } from "./markdown/run-markdown.ts";
import { SEARCH } from "./testing/backpressure-fixture.ts";
import { DRILL } from "./testing/drill-fixture.ts";
import { fixtureRun, fixtureScenario } from "./testing/run-fixture.ts";
import { writeBackpressureReport, writeDrillReport, writeReport } from "./write-report.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "kanit-report-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const newArchive = () =>
  createArchive({
    root,
    runId: "run-1",
    clock: { nowMs: Date.now },
    secrets: SecretRegistry.of("hunter2-secret"),
  });

describe("filing a report", () => {
  it("writes the page, the record, junit.xml and the summary into the run's folder", async () => {
    const archive = await newArchive();
    const run = fixtureRun();
    const paths = await writeReport(run, archive);
    expect(JSON.parse(readFileSync(paths.json, "utf8"))).toEqual(run);
    expect(readFileSync(paths.html, "utf8")).toMatch(/^<!doctype html>/);
    expect(readFileSync(archive.path("junit.xml"), "utf8")).toMatch(/^<\?xml /);
    expect(readFileSync(paths.summary, "utf8")).toMatch(/^## /);
    const { files } = await archive.writeManifest();
    expect(files.map(({ path }) => path)).toEqual(["index.html", "junit.xml", "run.json", "summary.md"]);
    expect(await verifyArchive(archive.folder)).toMatchObject({ intact: true });
  });

  it("files a drill and a search for a limit, each with a record that is read back as it was", async () => {
    const archive = await newArchive();
    const drill = await writeDrillReport(DRILL, archive);
    expect(await readRecord(drill.json)).toEqual(DRILL);
    const search = await writeBackpressureReport(SEARCH, archive);
    expect(await readRecord(search.json)).toEqual(SEARCH);
  });

  /** A scenario with one failed check per text. */
  const failing = (...texts: readonly string[]): ScenarioRecord => {
    const scenario = fixtureScenario("binance-ack-lost");
    const [check] = scenario.checks;
    if (check === undefined) throw new RangeError("expected a check in the made-up scenario");
    return { ...scenario, checks: texts.map((received) => ({ ...check, verdict: "fail", received })) };
  };

  it("lets no secret into any of the four", async () => {
    const scenario = failing("POST /order?apiKey=hunter2-secret", "x-mbx-apikey: zzz-other-zzz");
    const archive = await newArchive();
    await writeReport({ ...fixtureRun(), scenarios: [scenario] }, archive);
    for (const name of ["run.json", "junit.xml", "summary.md", "index.html"]) {
      const text = readFileSync(archive.path(name), "utf8");
      expect(text, name).not.toMatch(/hunter2|zzz-other/);
      expect(text, name).toContain("redacted");
    }
  });

  it("redacts texts and never the markup around them", async () => {
    const scenario = failing('authorization: abc"def', "x-mbx-apikey: zzz-other-zzz", "signature=<b>&'x");
    const run = { ...fixtureRun(), scenarios: [scenario] };
    const archive = await newArchive();
    const paths = await writeReport(run, archive);
    const clean = await readRunRecord(paths.json);
    expect(clean).toEqual(archive.redact(run));
    expect(clean.scenarios[0]?.checks[0]?.received).toBe('authorization: [redacted]"def');
    expect(readFileSync(paths.html, "utf8")).toBe(renderHtml(clean));
    expect(readFileSync(archive.path("junit.xml"), "utf8")).toBe(renderJunit(clean));
    expect(readFileSync(paths.summary, "utf8")).toBe(renderMarkdown(clean));
  });
});
