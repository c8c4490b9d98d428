import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { SPARK_DEFINITION } from "../definition/index.ts";
import { type CommandLine, openCommandLine } from "./testing/command-line.ts";

const PATIENCE_MS = 180_000;

let kanit: CommandLine;
beforeAll(async () => {
  kanit = await openCommandLine();
});
afterAll(async () => {
  await kanit[Symbol.asyncDispose]();
}, PATIENCE_MS);

/** Writes Spark's definition with changes, so that it runs from where Spark is. */
async function writeDefinition(name: string, change: (text: string) => string): Promise<string> {
  const spark = dirname(SPARK_DEFINITION);
  const definition = parse(await readFile(SPARK_DEFINITION, "utf8"));
  definition.start = ["node", join(spark, "main.ts")];
  definition.migrate = ["node", join(spark, "migrate.ts")];
  definition.migrations = join(spark, "prisma/migrations");
  const path = join(kanit.temporaryDirectory, name);
  await writeFile(path, change(stringify(definition, { aliasDuplicateObjects: false, lineWidth: 0 })));
  return path;
}

interface Finding {
  readonly part: string;
  readonly line: number;
  readonly state: string;
  readonly found: string;
  readonly fix: string | null;
}

describe("kanit check-platform", () => {
  it(
    "says of each part whether it works, where it stands, and what to change, and fails when one does not",
    async () => {
      const path = await writeDefinition("wrong.yml", (text) =>
        text
          .replace("o.idempotency_key, o.account_id,", "o.idempotency_key, o.account_id AS acount_id,")
          .replaceAll("path: /api/tools/kill-switch", "path: /api/tools/killswitch")
          .replace("riskLimits: true\n", "")
          .replace("metrics: /metrics", "metrics: { path: /metrics, lacks: [ws_clients] }"),
      );
      const { exitCode, stdout } = await kanit.run(["check-platform", path, "--json"]);
      const findings: readonly Finding[] = JSON.parse(stdout).result.findings;
      const broken = findings.filter(({ state }) => state === "broken");
      expect(broken.map(({ part }) => part)).toEqual(["api.killSwitch", "ledger.orders"]);
      expect(broken[0]).toMatchObject({ fix: "correct path and method of api.killSwitch" });
      expect(broken[0]?.found).toContain("HTTP 404 to POST /api/tools/killswitch");
      expect(broken[1]).toMatchObject({
        found: "expected the column account_id, got none; the nearest that it returns is acount_id",
        fix: "write acount_id AS account_id",
      });
      const lines = (await readFile(path, "utf8")).split("\n");
      expect(lines[(broken[1]?.line ?? 0) - 1]).toMatch(/^ {2}orders:/);
      const working = findings.filter(({ state }) => state === "works").map(({ part }) => part);
      expect(working).toEqual(
        expect.arrayContaining([
          ...["migrate", "start", "health", "api.quote", "api.place", "api.query", "api.cancel", "venues"],
          ...["api.positions", "api.quoteStream.pong", "api.riskLimits", "metrics", "ledger.fills", "reset"],
        ]),
      );
      expect(findings.find(({ state }) => state === "not-applicable")?.found).toMatch(
        /^ws_clients: not exported/,
      );
      expect(exitCode).toBe(1);
      expect(await kanit.leftovers()).toEqual([]);
    },
    PATIENCE_MS,
  );

  it(
    "says what kept the platform from starting, and what it printed",
    async () => {
      const path = await writeDefinition("broken.yml", (text) =>
        text.replace(/^start:\n(?: {2}- .*\n)+/m, 'start: [/bin/sh, -c, "echo no config; sleep 60"]\n'),
      );
      const { exitCode, stdout } = await kanit.run(["check-platform", path]);
      expect(stdout).toMatch(/^✘ \d+:1 +listens .*no config.* → print that line first/m);
      expect(exitCode).toBe(1);
    },
    PATIENCE_MS,
  );

  it("refuses a file that is no definition, with the place of each mistake", async () => {
    const path = join(kanit.temporaryDirectory, "typo.yml");
    await writeFile(path, "nmae: mine\n");
    const { exitCode, stderr } = await kanit.run(["check-platform", path]);
    expect(stderr).toMatch(/typo\.yml:1:1: nmae: .*did you mean name\?/);
    expect(exitCode).toBe(64);
  });
});
