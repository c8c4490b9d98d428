import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readPlatformDefinition } from "./platform-definition.ts";

const SPARK = new URL("../platform/platform.yml", import.meta.url).pathname;

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "kanit-definition-"));
});
afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
});

async function definitionOf(text: string) {
  const path = join(directory, `${Math.random().toString(36).slice(2)}.yml`);
  await writeFile(path, text);
  return readPlatformDefinition(path);
}

describe("a platform definition", () => {
  it("reads Spark's, with paths from the file's own folder", async () => {
    const spark = await readPlatformDefinition(SPARK);
    expect(spark.name).toBe("spark");
    expect(spark.start).toEqual(["node", "main.ts"]);
    expect(spark.migrations).toBe(join(SPARK, "..", "prisma", "migrations"));
    expect(spark.reset).toEqual({ kind: "post", path: "/internal/reset" });
  });

  it("names the file when it is missing", async () => {
    await expect(readPlatformDefinition("/nowhere/platform.yml")).rejects.toMatchObject({
      code: "bad-platform-definition",
      exitCode: 64,
      message: expect.stringContaining("/nowhere/platform.yml"),
    });
  });

  it("refuses keys that are no texts, of which some would take for ever", async () => {
    await expect(definitionOf("? ".repeat(60))).rejects.toThrow(/expected a text as key/);
  });

  it("names the invalid field", async () => {
    await expect(definitionOf("name: mine\nstart: node main.js\n")).rejects.toThrow(/start/);
  });

  it("refuses an unknown field, since it would otherwise have no effect", async () => {
    await expect(definitionOf("name: mine\nhealht: /health\n")).rejects.toThrow(/healht/);
  });

  it.each(["../../x", "a/b", "..", "", " ", "-rf", "a\u001b[31m", "x".repeat(64)])(
    "refuses the name %j, which would be a path outside the log folder or garble messages",
    async (name) => {
      const failure = await definitionOf(`name: ${JSON.stringify(name)}\n`).catch((error: Error) => error);
      expect(failure).toMatchObject({ code: "bad-platform-definition", exitCode: 64 });
      expect(String(failure)).toMatch(/letters, digits|63/);
      expect(String(failure)).not.toContain("\n");
    },
  );

  it.each(["postgres", "Proxy", "exchanges", "migrate", "pause-of-x"])(
    "refuses the name %s, which is a process of the lab itself",
    async (name) => {
      await expect(definitionOf(`name: ${name}\n`)).rejects.toThrow(/a process of the lab is called/);
    },
  );

  it("names each mistake with its place in the file and the nearest name", async () => {
    const spark = await readFile(SPARK, "utf8");
    const wrong = spark
      .replace("settlesWithin: 20s", "settlesWithin: soon")
      .replace("    path: /api/orders\n", "    pth: /api/orders\n");
    const failure = String(await definitionOf(wrong).catch((error: Error) => error));
    expect(failure).toMatch(
      /\.yml:\d+:\d+: settlesWithin: expected a duration such as 250ms, 30s or 1h30m, got "soon"/,
    );
    expect(failure).toMatch(/\.yml:\d+:5: api\.place\.pth: .*did you mean path\?/);
  });

  it("reports invalid YAML in one line", async () => {
    const failure = await definitionOf("name: [").catch((error: Error) => error);
    expect(failure).toMatchObject({ code: "bad-platform-definition" });
    expect(String(failure)).not.toContain("\n");
  });
});

describe("the venues of a definition", () => {
  const spark = async () => readFile(SPARK, "utf8");
  const withVenues = async (venues: string) => definitionOf((await spark()).replace(/^venues: .*$/m, venues));

  it("are those that it names, in its order", async () => {
    expect((await withVenues("venues: [bist, btcturk]")).venues).toEqual(["bist", "btcturk"]);
  });

  it.each([
    ["", /venues/],
    ["venues: [binence]", /binence|binance/],
    ["venues: [binance, binance]", /each venue once/],
    ["venues: [bist]", /at least one venue that takes orders/],
  ])("are refused when they are %j", async (venues, problem) => {
    await expect(withVenues(venues)).rejects.toThrow(problem);
  });
});
