import { describe, expect, it } from "vitest";
import { grype } from "./grype.ts";
import { npmAudit } from "./npm-audit.ts";
import { osvScanner } from "./osv-scanner.ts";
import { type Scanner, type ScanSubject, scanWith } from "./scanner.ts";

const NOW = "2025-08-01T12:00:00Z";
const SUBJECT: ScanSubject = {
  directory: ".",
  sbomPath: "sbom.json",
  packages: 3,
  nowMs: Date.parse(NOW),
  signal: new AbortController().signal,
};

/** A scanner whose program prints a text and exits with a code. */
const printing = (scanner: Scanner, output: unknown, exitCode = 0): Scanner => ({
  ...scanner,
  command: () => [
    process.execPath,
    "-e",
    `console.log(${JSON.stringify(typeof output === "string" ? output : JSON.stringify(output))});process.exitCode=${exitCode}`,
  ],
});
const scan = (scanner: Scanner, output: unknown, exitCode = 0) =>
  scanWith(printing(scanner, output, exitCode), SUBJECT);

const match = {
  vulnerability: { id: "GHSA-1", severity: "High" },
  artifact: { name: "ms", version: "2.0.0" },
};
const grypeOutput = (built: string, matches: readonly unknown[]) => ({
  descriptor: { version: "0.121.2", db: { status: { built } } },
  matches,
});

describe("a scanner that looked", () => {
  it("grype: says what it found, and how old its database is", async () => {
    expect(await scan(grype, grypeOutput("2025-08-01T06:00:00Z", [match]))).toEqual({
      ...{ kind: "scanned", scanner: "grype", version: "0.121.2", packages: 3 },
      databaseMadeAt: "2025-08-01T06:00:00Z",
      vulnerabilities: [{ id: "GHSA-1", package: "ms@2.0.0", severity: "high" }],
    });
  });

  it("osv-scanner: ends with 1 when it found some", async () => {
    const found = { package: { name: "ms", version: "2.0.0" }, vulnerabilities: [{ id: "GHSA-1" }] };
    expect(await scan(osvScanner, { results: [{ packages: [found] }] }, 1)).toMatchObject({
      vulnerabilities: [{ id: "GHSA-1", package: "ms@2.0.0", severity: "unknown" }],
    });
  });

  it("npm audit: lists a weakness once, where it is", async () => {
    const via = [{ source: 1, severity: "moderate", url: "https://advisories.example/1" }];
    const vulnerabilities = {
      ms: { name: "ms", range: "<2", via },
      debug: { name: "debug", range: "*", via: ["ms"] },
    };
    const output = { auditReportVersion: 2, vulnerabilities, metadata: { dependencies: { total: 9 } } };
    expect(await scan(npmAudit, output, 1)).toMatchObject({
      packages: 9,
      vulnerabilities: [{ id: "https://advisories.example/1", package: "ms@<2", severity: "medium" }],
    });
  });
});

describe("a scanner that could not look is not run, and nothing is clean", () => {
  const cases: readonly (readonly [string, Scanner, unknown, number, string])[] = [
    ["an old database", grype, grypeOutput("2025-07-01T00:00:00Z", []), 0, "more than 120 h"],
    ["no database", grype, "", 1, "exit 1"],
    ["another format", grype, { matches: [] }, 0, "exit 0"],
    ["no packages", osvScanner, "", 128, "found no packages"],
    ["an error", osvScanner, { results: [] }, 127, "exit 127"],
    ["results that it does not list", osvScanner, { results: [] }, 1, "listed none"],
    [
      "a refused request",
      npmAudit,
      { message: "forbidden", error: { summary: "" } },
      1,
      "refused: forbidden",
    ],
    [
      "no packages of npm's",
      npmAudit,
      { auditReportVersion: 2, vulnerabilities: {}, metadata: { dependencies: { total: 0 } } },
      0,
      "found no packages",
    ],
  ];
  for (const [what, scanner, output, exitCode, why] of cases) {
    it(`${scanner.name}: ${what}`, async () => {
      const result = await scan(scanner, output, exitCode);
      expect(result).toMatchObject({ kind: "not-run", why: expect.stringContaining(why) });
    });
  }

  it("a program that is not installed", async () => {
    const absent: Scanner = { ...grype, command: () => ["kanit-no-such-scanner"] };
    expect(await scanWith(absent, SUBJECT)).toMatchObject({
      kind: "not-run",
      why: expect.stringContaining("ENOENT"),
    });
  });

  it("a bill of materials without packages", async () => {
    expect(await scanWith(grype, { ...SUBJECT, packages: 0 })).toMatchObject({ kind: "not-run" });
  });
});
