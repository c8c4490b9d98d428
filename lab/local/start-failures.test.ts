import { once } from "node:events";
import { chmod, mkdir, readdir, readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, type TestContext } from "vitest";
import { EXIT_CODE, type KanitError } from "../../core/index.ts";
import type { PlatformDefinition } from "../../definition/index.ts";
import type { LabOptions } from "../lab-options.ts";
import { listLabs } from "../lab-record.ts";
import { openStateDirectory } from "../state-directory.ts";
import { labOf, writeTinyPlatform } from "../testing/lab-options.ts";
import { onSmallDisk } from "../testing/small-disk.ts";
import { failureOf, makeTestDirectory, processesIn, removeTestDirectory } from "../testing/test-directory.ts";
import { LOCAL_SETTINGS, type LocalSettings } from "./local-settings.ts";
import { startLocalLab } from "./start-local-lab.ts";

const IS_ROOT = process.getuid?.() === 0;
type Program = PlatformDefinition["start"];
const HOOK_LIMIT_MS = 30_000;
/** All but the platform are running long before that, even on a busy machine. */
const PLATFORM_IS_LATE_MS = 8_000;
const { unavailable } = EXIT_CODE;

let directory = "";
beforeAll(async () => {
  directory = await makeTestDirectory();
});
afterAll(async () => {
  await removeTestDirectory(directory);
}, HOOK_LIMIT_MS);

async function tinyLab(changes: Partial<PlatformDefinition> = {}): Promise<LabOptions> {
  return labOf(await writeTinyPlatform(join(directory, "platform"), changes), directory);
}

function failureToStart(options: LabOptions, settings: Partial<LocalSettings> = {}) {
  return failureOf(async () => {
    await using _lab = await startLocalLab(options, { ...LOCAL_SETTINGS, ...settings });
  });
}

async function expectNothingLeft(temporaryDirectory = directory): Promise<void> {
  expect(await processesIn(temporaryDirectory)).toEqual([]);
  const { labs } = await openStateDirectory(temporaryDirectory);
  expect(await listLabs(labs)).toEqual([]);
}

describe("a lab that cannot start", { timeout: 30_000 }, () => {
  it("names the port that another program holds, and its link", async () => {
    const holder = createServer().listen(0, "127.0.0.1");
    await once(holder, "listening");
    const address = holder.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const failure = await failureToStart({ ...(await tinyLab()), linkPorts: { api: port } });
    holder.close();
    expect(failure).toMatchObject({ code: "port-taken", exitCode: unavailable });
    expect(failure.message).toContain(`port ${port} for the link api`);
    await expectNothingLeft();
  });

  it("reports how to install pgBouncer when it is missing", async () => {
    const failure = await failureToStart(await tinyLab(), { programPath: "/bin/nowhere" });
    expect(failure).toMatchObject({ code: "no-pgbouncer", exitCode: unavailable });
    expect(failure.nextStep).toContain("apt-get install pgbouncer");
    await expectNothingLeft();
  });

  it("reports the last answer of a platform that never gets healthy", async () => {
    const server = `require("node:http").createServer((_, response) => {
      response.statusCode = 503;
      response.end();
    }).listen(Number(process.env.PORT), process.env.HOST)`;
    const options = await tinyLab({ start: ["node", "-e", server] });
    const failure = await failureToStart(options, { startLimitMs: PLATFORM_IS_LATE_MS });
    expect(failure).toMatchObject({ code: "platform-not-healthy", exitCode: unavailable });
    expect(failure.message).toMatch(/tiny .*\/health .* last answer was 503/);
    await expectNothingLeft();
  });

  it("explains the announcement for a platform that never makes it", async () => {
    const options = await tinyLab({ listens: "announced" });
    const failure = await failureToStart(options, { startLimitMs: PLATFORM_IS_LATE_MS });
    expect(failure).toMatchObject({ code: "no-announcement", exitCode: unavailable });
    expect(failure.nextStep).toContain('{"event":"listening"');
    await expectNothingLeft();
  });

  it("quotes the output of a failed migration", async () => {
    const migrate: Program = ["node", "-e", 'console.log("column exists already"); process.exit(1)'];
    const failure = await failureToStart(await tinyLab({ migrate }));
    expect(failure).toMatchObject({ code: "migration-failed", exitCode: unavailable });
    expect(failure.message).toMatch(/exit code 1: column exists already$/);
    await expectNothingLeft();
  });

  it.skipIf(!IS_ROOT)("as root names the folder of TMPDIR that Postgres's user may not enter", async () => {
    const closed = join(directory, "closed");
    await mkdir(closed);
    await chmod(closed, 0o700);
    const failure = await failureToStart({ ...(await tinyLab()), temporaryDirectory: closed });
    expect(failure).toMatchObject({ code: "temporary-directory-closed", exitCode: unavailable });
    expect(failure.nextStep).toContain(`chmod o+x ${closed}`);
    await expectNothingLeft(closed);
  });

  it("names the folder that cannot be made for its logs", async () => {
    const logDirectory = join(directory, "platform", "server.mjs", "logs");
    const failure = await failureToStart({ ...(await tinyLab()), logDirectory });
    expect(failure).toMatchObject({ code: "no-log-directory", exitCode: unavailable });
    expect(failure.message).toContain(logDirectory);
    await expectNothingLeft();
  });

  it("names the folder that cannot be made for its state", async () => {
    const options = await tinyLab();
    const temporaryDirectory = join(directory, "platform", "server.mjs");
    const failure = await failureToStart({ ...options, temporaryDirectory });
    expect(failure).toMatchObject({ code: "no-state-directory", exitCode: unavailable });
  });
});

describe("a platform that dies while starting", () => {
  let failure: KanitError;
  beforeAll(async () => {
    const story = 'console.error("a long story"); console.log("no such table"); process.exit(3)';
    failure = await failureToStart(await tinyLab({ start: ["node", "-e", story] }));
  }, HOOK_LIMIT_MS);

  it("is named with how it ended, and its last output, on standard output too", () => {
    expect(failure).toMatchObject({ code: "process-died", exitCode: unavailable });
    // Each output has its own pipe, and the order of reading two pipes is not determined.
    const [, ...lines] = /tiny .* exit code 3\. Its last output: (.*) \| (.*)$/.exec(failure.message) ?? [];
    expect(lines.sort()).toEqual(["a long story", "no such table"]);
  });

  it("leaves its log, whose path is in the error", async () => {
    const path = /(\/\S+\.log)/.exec(failure.nextStep)?.[1] ?? "";
    const lines = (await readFile(path, "utf8")).split("\n");
    expect(lines.sort()).toEqual(["", "a long story", "no such table"]);
  });

  it("leaves nothing running", () => expectNothingLeft());
});

describe("a lab on a full disk", { timeout: 40_000 }, () => {
  async function expectDiskFull(test: TestContext, sizeMb: number): Promise<void> {
    const path = join(directory, `disk-${sizeMb}`);
    await onSmallDisk(test, { path, sizeKb: sizeMb * 1_024 }, async () => {
      const options = await tinyLab();
      const failure = await failureToStart({ ...options, temporaryDirectory: path });
      expect(failure).toMatchObject({ code: "disk-full", exitCode: unavailable });
      expect(failure.message).toContain(path);
      await expectNothingLeft(path);
    });
  }

  it("reports it when the database cannot be created", (test) => expectDiskFull(test, 8));

  it("reports it when the database's copy does not fit", (test) => expectDiskFull(test, 72));
});

describe("a start that is aborted", () => {
  async function abortWhen(
    condition: () => Promise<boolean>,
    changes: Partial<PlatformDefinition> = {},
  ): Promise<void> {
    const { labs } = await openStateDirectory(directory);
    const before = await readdir(labs);
    const abort = new AbortController();
    const start = startLocalLab({ ...(await tinyLab(changes)), signal: abort.signal });
    const outcome = start.then(
      () => "started",
      (reason: unknown) => reason,
    );
    try {
      await expect.poll(condition, { timeout: 15_000, interval: 20 }).toBe(true);
    } finally {
      abort.abort("enough");
    }
    expect(await outcome).toBe("enough");
    await expectNothingLeft();
    expect(await readdir(labs)).toEqual(before);
  }

  const runs = (text: string) => async () =>
    (await processesIn(directory)).some((line) => line.includes(text));

  it("before it begins starts nothing", async () => {
    await expect(startLocalLab({ ...(await tinyLab()), signal: AbortSignal.abort("enough") })).rejects.toBe(
      "enough",
    );
    await expectNothingLeft();
  });

  it("while the first process starts leaves nothing", () => abortWhen(runs("chaos/proxy/main.ts")));

  it("while a migration runs leaves nothing", () => {
    const migrate: Program = ["node", "-e", "setInterval(() => 'a migration', 1_000)"];
    return abortWhen(runs("a migration"), { migrate });
  });

  it("while it waits for the platform leaves nothing", () => {
    const start: Program = ["node", "-e", "setInterval(() => 'a deaf platform', 1_000)"];
    return abortWhen(runs("a deaf platform"), { start });
  });
});
