import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readReleaseDefinition, releaseJsonSchema } from "./release-definition.ts";

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "kanit-release-file-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function read(text: string, variables: Readonly<Record<string, string>> = {}) {
  const file = join(directory, "release.yml");
  await writeFile(file, text);
  return readReleaseDefinition(file, (name) => variables[name]);
}

describe("a release definition", () => {
  it("is completed: what it leaves out is null, and folders are from its own", async () => {
    const found = await read("url: https://canary.example.com\nmigrations: prisma/migrations\n");
    expect(found).toMatchObject({
      url: "https://canary.example.com",
      metrics: "/metrics",
      database: null,
      pgbouncer: null,
      prometheus: null,
      features: null,
      migrations: join(directory, "prisma/migrations"),
      repository: directory,
      allowHosts: [],
    });
  });

  it("takes addresses from environment variables, since they carry passwords", async () => {
    const text = "url: http://127.0.0.1:1\ndatabase: { env: DATABASE_URL }\n";
    const url = "postgresql://mara:secret@127.0.0.1/spark";
    expect((await read(text, { DATABASE_URL: url })).database).toBe(url);
    await expect(read(text)).rejects.toMatchObject({
      code: "bad-release-definition",
      exitCode: 64,
      message: expect.stringContaining("DATABASE_URL, but it is not set"),
    });
  });

  it.each([
    ["url: 5\n", /release\.yml:1:6 url: expected/],
    ["", /expected/],
    ["url: http://x\nhealht: /h\n", /release\.yml:2:1 healht: .*did you mean health/],
    ["url: http://x\npgbouncer: { console: x, poolMode: sesion }\n", /poolMode: .*did you mean session/],
    ["url: http://x\nprometheus: { url: http://x, targets: [] }\n", /targets: expected at least 1 entry/],
    ["url: [\n", /release\.yml:/],
  ])("that is wrong is refused with the place on one line: %j", async (text, message) => {
    const failure = await read(text).catch((error: Error) => error);
    expect(failure).toMatchObject({ code: "bad-release-definition", exitCode: 64 });
    expect(String(failure)).toMatch(message);
    expect(String(failure)).not.toContain("\n");
  });

  it("that is missing is refused with its path", async () => {
    await expect(readReleaseDefinition("/nowhere/release.yml", () => undefined)).rejects.toThrow(
      /\/nowhere\/release\.yml/,
    );
  });

  it("has a schema for editors, in which only the address is required", () => {
    expect(releaseJsonSchema()).toMatchObject({ required: ["url"], additionalProperties: false });
  });
});
