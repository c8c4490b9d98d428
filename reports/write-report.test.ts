import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createArchive, readRecord, readRunRecord, verifyArchive } from "../evidence/index.ts";
import { renderJunit } from "./ci/junit.ts";
import { renderHtml } from "./html/page.ts";
import { renderMarkdown } from "./markdown/run-markdown.ts";
import { SEARCH } from "./testing/backpressure-fixture.ts";
import { DRILL } from "./testing/drill-fixture.ts";
import { fixtureRun, fixtureScenario } from "./testing/run-fixture.ts";
import { writeReport } from "./write-report.ts";
import { writeBackpressureReport, writeDrillReport } from "./write-sheet.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "kanit-report-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const newArchive = () =>
  createArchive({ root, runId: "run-1", clock: { nowMs: Date.now }, secrets: ["hunter2-secret"] });

describe("filing a report", () => {
  it("writes the page, the record, junit.xml and the summary into the run's folder", async () => {
    const archive = await newArchive();
    const run = fixtureRun();
    const paths = await writeReport(run, archive);
    expect(JSON.parse(readFileSync(paths.json, "utf8"))).toEqual(run);
    expect(readFileSync(paths.html, "utf8")).toMatch(/^<!doctype html>/);
    expect(readFileSync(paths.junit, "utf8")).toMatch(/^<\?xml /);
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

  it("lets no secret into any of the four", async () => {
    const scenario = {
      ...fixtureScenario("binance-ack-lost"),
      reasons: ["POST /order?apiKey=hunter2-secret", "x-mbx-apikey: zzz-other-zzz"],
    };
    const paths = await writeReport({ ...fixtureRun(), scenarios: [scenario] }, await newArchive());
    for (const path of Object.values(paths)) {
      const text = readFileSync(path, "utf8");
      expect(text, path).not.toMatch(/hunter2|zzz-other/);
      expect(text, path).toContain("redacted");
    }
  });

  it("redacts texts and never the markup around them", async () => {
    const reasons = ['authorization: abc"def', "x-mbx-apikey: zzz-other-zzz", "signature=<b>&'x"];
    const run = { ...fixtureRun(), scenarios: [{ ...fixtureScenario("binance-ack-lost"), reasons }] };
    const archive = await newArchive();
    const paths = await writeReport(run, archive);
    const clean = await readRunRecord(paths.json);
    expect(clean).toEqual(archive.redact(run));
    expect(clean.scenarios[0]?.reasons[0]).toBe('authorization: [redacted]"def');
    expect(readFileSync(paths.html, "utf8")).toBe(renderHtml(clean));
    expect(readFileSync(paths.junit, "utf8")).toBe(renderJunit(clean));
    expect(readFileSync(paths.summary, "utf8")).toBe(renderMarkdown(clean));
  });
});
