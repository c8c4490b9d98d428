import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SecretRegistry } from "../core/index.ts";
import {
  type Archive,
  compareFolder,
  createArchive,
  readManifest,
  readRecord,
  readRunRecord,
  type ScenarioRecord,
} from "../evidence/index.ts";
import { compareReport } from "./compare-report.ts";
import { renderHtml } from "./html/run-page.ts";
import { renderJunit } from "./junit.ts";
import { renderMarkdown } from "./markdown/run-markdown.ts";
import { SEARCH } from "./testing/backpressure-fixture.ts";
import { DRILL } from "./testing/drill-fixture.ts";
import { fixtureRun, fixtureScenario } from "./testing/run-fixture.ts";
import { writeReport } from "./write-report.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "kanit-report-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const HEAD = { sequence: 6, hash: "e".repeat(64) };
const read = (archive: Archive, name: string) => readFileSync(archive.path(name), "utf8");

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
    const { errors } = await writeReport(run, archive, HEAD);
    expect(errors).toEqual([]);
    expect(JSON.parse(read(archive, "run.json"))).toEqual(run);
    expect(read(archive, "index.html")).toMatch(/^<!doctype html>/);
    expect(read(archive, "junit.xml")).toMatch(/^<\?xml /);
    expect(read(archive, "summary.md")).toMatch(/^## /);
    await archive.writeManifest();
    const found = await readManifest(archive.folder);
    const manifest = found.kind === "found" ? found.manifest : null;
    const names = ["index.html", "junit.xml", "run.json", "summary.md"];
    expect(manifest?.files.map(({ path }) => path)).toEqual(names);
    expect(manifest === null ? null : await compareFolder(archive.folder, manifest)).toEqual([]);
  });

  it("says in the page and the summary which line of the journal has the verdict", async () => {
    const archive = await newArchive();
    await writeReport(fixtureRun(), archive, HEAD);
    for (const name of ["index.html", "summary.md"]) {
      expect(read(archive, name).replaceAll(/\s+/g, " ")).toMatch(/Line 7 of the journal.*e{64}/);
    }
  });

  it.each([fixtureRun(), DRILL, SEARCH])("agrees with its record: $schema", async (record) => {
    const archive = await newArchive();
    await writeReport(record, archive, HEAD);
    expect(await compareReport(archive.folder, record)).toEqual([]);
    const other = { ...record, verdict: record.verdict === "pass" ? "fail" : "pass" } as const;
    expect((await compareReport(archive.folder, other)).length).toBeGreaterThan(1);
  });

  it("writes all that it can when one file cannot be written", async () => {
    const archive = await newArchive();
    mkdirSync(archive.path("index.html"));
    const { paths, errors } = await writeReport(fixtureRun(), archive, HEAD);
    expect(errors).toMatchObject([{ code: "evidence-not-written" }]);
    expect(paths).toEqual({
      html: null,
      json: archive.path("run.json"),
      summary: archive.path("summary.md"),
    });
    expect(read(archive, "junit.xml")).toMatch(/^<\?xml /);
  });

  it("files a drill and a search for a limit, each with a record that can be read back", async () => {
    const archive = await newArchive();
    await writeReport(DRILL, archive, HEAD);
    expect(await readRecord(archive.path("drill.json"))).toEqual(DRILL);
    await writeReport(SEARCH, archive, HEAD);
    expect(await readRecord(archive.path("backpressure.json"))).toEqual(SEARCH);
  });

  /** A scenario with one failed check per text. */
  const failing = (...texts: readonly string[]): ScenarioRecord => {
    const scenario = fixtureScenario("binance-ack-lost");
    const [check] = scenario.checks;
    if (check === undefined) throw new RangeError("expected a check in the made-up scenario");
    return { ...scenario, checks: texts.map((received) => ({ ...check, verdict: "fail", received })) };
  };

  it("has no secret in any of the four", async () => {
    const scenario = failing("POST /order?apiKey=hunter2-secret", "x-mbx-apikey: zzz-other-zzz");
    const archive = await newArchive();
    await writeReport({ ...fixtureRun(), scenarios: [scenario] }, archive, HEAD);
    for (const name of ["run.json", "junit.xml", "summary.md", "index.html"]) {
      const text = readFileSync(archive.path(name), "utf8");
      expect(text, name).not.toMatch(/hunter2|zzz-other/);
      expect(text, name).toContain("redacted");
    }
  });

  it("redacts texts but not the markup around them", async () => {
    const scenario = failing('authorization: abc"def', "x-mbx-apikey: zzz-other-zzz", "signature=<b>&'x");
    const run = { ...fixtureRun(), scenarios: [scenario] };
    const archive = await newArchive();
    await writeReport(run, archive, null);
    const clean = await readRunRecord(archive.path("run.json"));
    expect(clean).toEqual(archive.redact(run));
    expect(clean.scenarios[0]?.checks[0]?.received).toBe('authorization: [redacted]"def');
    expect(read(archive, "index.html")).toBe(renderHtml(clean));
    expect(read(archive, "junit.xml")).toBe(renderJunit(clean));
    expect(read(archive, "summary.md")).toBe(renderMarkdown(clean));
  });
});
