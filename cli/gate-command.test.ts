import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { onSmallDisk } from "../lab/testing/small-disk.ts";
import { type CommandLine, openCommandLine } from "./testing/command-line.ts";

let kanit: CommandLine;
beforeAll(async () => {
  kanit = await openCommandLine();
});
afterAll(() => kanit[Symbol.asyncDispose]());

const PATIENCE_MS = 180_000;

/** A release of which nothing but an address is known, where nothing listens. */
async function releaseFile(name: string, more = ""): Promise<string> {
  const file = join(kanit.temporaryDirectory, `${name}.yml`);
  await writeFile(file, `url: http://127.0.0.1:9\n${more}`);
  return file;
}

describe("a gate on a release file", { timeout: PATIENCE_MS }, () => {
  it("names what each check needs and is not there, and does not release", async () => {
    const archive = join(kanit.temporaryDirectory, "needs");
    const file = await releaseFile("needs");
    const words = ["blind-spots", "v1", "--release-file", file, "--archive", archive, "--json"];
    const { stdout, exitCode } = await kanit.run(words);
    const { result } = JSON.parse(stdout);
    expect(exitCode).toBe(2);
    expect(result.decision).toBe("NO-GO (inconclusive)");
    expect(result.checks.map(({ reasons }: { reasons: string[] }) => reasons[0])).toEqual(
      Array.from({ length: 9 }, () =>
        expect.stringMatching(/^not run: needs (?:database|pgbouncer|venueMarkets)/),
      ),
    );
  });

  it("makes experiments that write in a lab of the platform that the file names, and otherwise none", async () => {
    const archive = join(kanit.temporaryDirectory, "experiments");
    const without = await kanit.run([
      ...["red-team", "v1", "--release-file", await releaseFile("no-lab"), "--archive", archive, "--json"],
    ]);
    expect(without.exitCode).toBe(2);
    const { checks } = JSON.parse(without.stdout).result;
    const needsLab = checks.filter(
      ({ reasons }: { reasons: string[] }) => reasons[0] === "not run: needs lab",
    );
    expect(needsLab.map(({ id }: { id: string }) => id)).toEqual([
      "decimal-rounding",
      "idempotency-burst",
      "decimal-tick-drift",
      "outbox-clock-skew",
      "csp-flood",
    ]);
    const file = await releaseFile("lab", "lab: { platform: nowhere/platform.yml }\n");
    const { exitCode, stderr } = await kanit.run([
      "red-team",
      "v1",
      "--release-file",
      file,
      "--archive",
      archive,
    ]);
    expect(exitCode).toBe(64);
    expect(stderr).toContain("nowhere/platform.yml");
  });

  it("refuses a host that the file does not allow, before anything is asked", async () => {
    const file = await releaseFile("host", "database: postgresql://mara@db.example.com/spark\n");
    const { exitCode, stderr } = await kanit.run(["preflight", "v1", "--release-file", file]);
    expect(exitCode).toBe(77);
    expect(stderr).toMatch(/^kanit: Expected a host on this machine.*db\.example\.com[^\n]*\n$/);
  });

  it("whose folder of evidence is full says so on one line, and does not release", async (test) => {
    const archive = join(kanit.temporaryDirectory, "full");
    await onSmallDisk(test, { path: archive, sizeKb: 8 }, async () => {
      const file = await releaseFile("full-disk");
      const words = ["blind-spots", "v1", "--release-file", file, "--archive", archive];
      const { exitCode, stdout } = await kanit.run(words);
      expect(exitCode).toBe(2);
      expect(stdout).toMatch(/\? Expected disk space for evidence in [^\n]*, got ENOSPC/);
      expect(stdout).toContain("NO-GO (inconclusive)");
    });
  });

  it("that two people run at once files both runs, whole", async () => {
    const archive = join(kanit.temporaryDirectory, "both");
    const file = await releaseFile("both");
    const words = ["blind-spots", "v1", "--release-file", file, "--archive", archive];
    const both = await Promise.all([kanit.run(words), kanit.run(words)]);
    expect(both.map(({ exitCode, stderr }) => [exitCode, stderr])).toEqual([
      [2, ""],
      [2, ""],
    ]);
    const runs = join(archive, "v1", "data", "gates");
    const folders = await readdir(runs);
    expect(folders).toHaveLength(2);
    for (const folder of folders) {
      expect(await readdir(join(runs, folder))).toEqual(
        expect.arrayContaining(["gate_blind-spots.json", "index.html", "journal.jsonl", "manifest.json"]),
      );
      const record = JSON.parse(await readFile(join(runs, folder, "gate_blind-spots.json"), "utf8"));
      expect(record).toMatchObject({ gate: "blind-spots", release: "v1", verdict: "inconclusive" });
      expect(record.command).toContain(`blind-spots v1 --release-file ${file}`);
    }
  });
});

describe("readiness", { timeout: PATIENCE_MS }, () => {
  it("stops at the first step that does not pass, names those that it did not run, and says NOT READY", async () => {
    const archive = join(kanit.temporaryDirectory, "readiness");
    const file = await releaseFile("readiness");
    const { stdout, exitCode } = await kanit.run([
      ...["readiness", "v1.4.0", "--release-file", file, "--archive", archive],
    ]);
    expect(exitCode).toBe(2);
    expect(stdout).toMatch(/^Readiness of v1\.4\.0 on http:\/\/127\.0\.0\.1:9\S*\n {2}\? preflight /);
    expect(stdout).toContain("\n  not run: blast, artifacts, ritual\nNOT READY\n");
    expect(await readdir(join(archive, "v1.4.0", "data"))).toContain("preflight.txt");
  });
});

describe("a gate without a release file", { timeout: PATIENCE_MS }, () => {
  it("has a lab started for it, which is there until the last check has ended, and is gone then", async () => {
    const archive = join(kanit.temporaryDirectory, "lab");
    const { stdout } = await kanit.run(["preflight", "v1", "--archive", archive, "--json"]);
    const { result } = JSON.parse(stdout);
    expect(result.target).toMatch(/^lab /);
    // A filled machine may delay an answer, but nothing may have been stopped.
    const reasons = result.checks.flatMap(({ reasons: each }: { reasons: string[] }) => each);
    const gone = reasons.filter((reason: string) => /ECONNREFUSED|ECONNRESET|terminated/.test(reason));
    expect(gone).toEqual([]);
    expect(result.checks).toHaveLength(10);
    expect(await kanit.leftovers()).toEqual([]);
  });
});
