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

  it("may say what a restore has to come to", async () => {
    const text = "url: http://127.0.0.1:1\nrecovery: { pointSeconds: 60, timeSeconds: 300 }\n";
    expect((await read(text)).recovery).toEqual({ pointSeconds: 60, timeSeconds: 300 });
    expect((await read("url: http://127.0.0.1:1\n")).recovery).toBeNull();
    await expect(read(text.replace("300", "0"))).rejects.toMatchObject({ code: "bad-release-definition" });
  });

  const CANARY = [
    "url: http://127.0.0.1:1",
    "canary:",
    "  stable: { url: http://127.0.0.1:2, metrics: [http://127.0.0.1:2/metrics] }",
    "  candidate: { url: http://127.0.0.1:3, metrics: [http://127.0.0.1:3/metrics] }",
  ].join("\n");

  it("may have a canary: both arms, the split of the traffic and the way back", async () => {
    const text = `${CANARY}\n  traffic: { kind: haproxy, runtime: unix:///run/haproxy.sock, backend: spark, stable: [s1], candidate: [c1] }\n  rollback: { previousVersion: make deploy, killSwitch: { url: http://127.0.0.1:3/kill } }\n`;
    expect((await read(text)).canary).toEqual({
      stable: {
        url: "http://127.0.0.1:2",
        source: { kind: "scrape", metrics: ["http://127.0.0.1:2/metrics"] },
      },
      candidate: {
        url: "http://127.0.0.1:3",
        source: { kind: "scrape", metrics: ["http://127.0.0.1:3/metrics"] },
      },
      traffic: {
        kind: "haproxy",
        runtime: "unix:///run/haproxy.sock",
        backend: "spark",
        stable: ["s1"],
        candidate: ["c1"],
      },
      rollback: {
        previousVersion: "make deploy",
        killSwitch: { kind: "url", url: "http://127.0.0.1:3/kill" },
      },
    });
    expect((await read("url: http://x\n")).canary).toBeNull();
  });

  it.each([
    ["  traffic: { kind: haproxi }", /canary\.traffic\.kind/],
    ["  traffic: { kind: command, set: deploy }", /\{share\}/],
    ["  traffic: { kind: template, template: istio, values: { name: 'x; reboot' } }", /letters, digits/],
    ["  traffic: { kind: haproxy, runtime: http://x, backend: b, stable: [s], candidate: [c] }", /runtime/],
  ])("whose canary is wrong is refused: %s", async (text, message) => {
    await expect(read(`${CANARY}\n${text}\n`)).rejects.toThrow(message);
  });

  it("reads an arm in a Prometheus only where it names one", async () => {
    const arms = CANARY.replace("metrics: [http://127.0.0.1:3/metrics]", "match: 'version=\"v2\"'");
    const text = `${arms}\n  traffic: { kind: manual }\n`;
    await expect(read(text)).rejects.toThrow(/expected the section prometheus/);
    const found = await read(`${text}prometheus: { url: http://127.0.0.1:9, targets: [spark] }\n`);
    expect(found.canary?.candidate.source).toEqual({ kind: "prometheus", match: 'version="v2"' });
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
