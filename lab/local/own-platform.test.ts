import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Lab } from "../lab.ts";
import { labOf, writeTinyPlatform } from "../testing/lab-options.ts";
import { failureOf, makeTestDirectory, processesIn, removeTestDirectory } from "../testing/test-directory.ts";
import { startLocalLab } from "./start-local-lab.ts";

let directory = "";
let lab: Lab;
beforeAll(async () => {
  directory = await makeTestDirectory();
  const platform = await writeTinyPlatform(join(directory, "platform"), {
    environment: { GREETING: "from the definition", COLOR: "from the definition" },
  });
  lab = await startLocalLab({
    ...labOf(platform, directory),
    platformEnvironment: { GREETING: "from the user" },
  });
}, 60_000);
afterAll(async () => {
  await lab.stop();
  expect(await processesIn(directory)).toEqual([]);
  await removeTestDirectory(directory);
}, 30_000);

interface Answer {
  readonly pid: number;
  readonly greeting: string | null;
  readonly color: string | null;
}

async function ask(address: string): Promise<Answer> {
  return (await (await fetch(`${address}/health`)).json()) as Answer;
}

describe("a platform that listens on its port and is reset by a restart", () => {
  it("is reachable through its link and directly", async () => {
    expect(await ask(lab.addresses.api)).toEqual(await ask(lab.addresses.platform));
  });

  it("gets the variables of its definition, and the user's take precedence", async () => {
    expect(await ask(lab.addresses.api)).toMatchObject({
      greeting: "from the user",
      color: "from the definition",
    });
  });

  it("has its standard output in its log", async () => {
    const log = lab.logs().find(({ process }) => process === "tiny");
    expect(await readFile(log?.path ?? "", "utf8")).toContain("/health");
  });

  it("is another process after a reset, behind the same link", async () => {
    const { api, databaseUrl } = lab.addresses;
    const before = await ask(api);
    await lab.reset(3);
    const after = await ask(api);
    expect(after.pid).not.toBe(before.pid);
    expect(after).toEqual(await ask(lab.addresses.platform));
    expect(lab.addresses.api).toBe(api);
    expect(lab.addresses.databaseUrl).not.toBe(databaseUrl);
    expect(() => process.kill(before.pid, 0)).toThrow(/ESRCH/);
  });

  it("is not reported as dead after the restart", () => {
    expect(lab.deaths()).toEqual([]);
  });

  it("is reported with its output when it does not come back from a reset", async () => {
    await writeFile(
      join(directory, "platform", "server.mjs"),
      'console.error("out of luck"); process.exit(4);',
    );
    const failure = await failureOf(() => lab.reset(4));
    expect(failure).toMatchObject({ code: "process-died", exitCode: 69 });
    expect(failure.message).toMatch(/tiny .* exit code 4.* out of luck/);
  });
});
