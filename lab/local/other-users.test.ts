import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, cp, mkdir, readdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeTestDirectory, processesIn, removeTestDirectory } from "../testing/test-directory.ts";
import { closedToOthers } from "./reachable.ts";
import { type UserIdentity, unprivilegedUser } from "./unprivileged-user.ts";

const execute = promisify(execFile);
const HOME = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");
const NOT_COPIED = new Set(["node_modules", ".git", "out"]);
const IS_ROOT = process.getuid?.() === 0;

let directory = "";
let checkout = "";
beforeAll(async () => {
  if (!IS_ROOT) return;
  directory = await makeTestDirectory();
  checkout = join(directory, "checkout");
  await copyCheckout();
}, 30_000);
afterAll(async () => {
  if (!IS_ROOT) return;
  expect(await processesIn(directory)).toEqual([]);
  await removeTestDirectory(directory);
}, 30_000);

async function copyCheckout(): Promise<void> {
  await mkdir(checkout);
  const entries = await readdir(HOME, { withFileTypes: true });
  const rooms = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith("."));
  for (const { name } of rooms.filter((room) => !NOT_COPIED.has(room.name))) {
    const filter = (path: string) => !NOT_COPIED.has(path.split("/").at(-1) ?? "");
    await cp(join(HOME, name), join(checkout, name), { recursive: true, filter });
  }
  await cp(join(HOME, "package.json"), join(checkout, "package.json"));
  await symlink(join(HOME, "node_modules"), join(checkout, "node_modules"));
}

interface Runner {
  readonly temporaryDirectory: string;
  readonly user: UserIdentity;
  readonly umask: string;
}

function startUp({ temporaryDirectory, user, umask }: Runner): ChildProcess {
  const command = [process.execPath, join(checkout, "cli", "main.ts"), "up", "--tape", "synthetic"];
  return spawn("/bin/sh", ["-c", `umask ${umask}; exec "$@"`, "sh", ...command], {
    cwd: "/",
    env: { PATH: "/usr/bin:/bin", TMPDIR: temporaryDirectory },
    stdio: ["ignore", "pipe", "pipe"],
    ...(user.kind === "other" ? { uid: user.uid, gid: user.gid } : {}),
  });
}

/** Starts a lab with the command line, checks whether it is healthy, and stops it. */
async function expectReady(runner: Runner): Promise<void> {
  const child = startUp(runner);
  const exited = once(child, "exit");
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk) => {
      said += chunk;
    });
  }
  try {
    const upOrEnded = () => said.includes("Ctrl-C") || child.exitCode !== null;
    await expect.poll(upOrEnded, { timeout: 30_000, interval: 50 }).toBe(true);
    expect(said).toContain("Ctrl-C stops it");
    const api = /platform\s+(http:\S+)/.exec(said)?.[1];
    expect((await fetch(`${api}/api/healthz`)).status).toBe(200);
  } finally {
    child.kill("SIGTERM");
  }
  expect(await exited).toEqual([0, null]);
  expect(await processesIn(runner.temporaryDirectory)).toEqual([]);
}

async function ownDirectory(name: string): Promise<string> {
  const path = join(directory, name);
  await mkdir(path);
  await chmod(path, 0o755);
  return path;
}

describe.skipIf(!IS_ROOT)("the command line, when root runs the tests,", { timeout: 60_000 }, () => {
  it("is ready for root whose umask closes everything to others", async () => {
    const temporaryDirectory = await ownDirectory("of-careful-root");
    await expectReady({ temporaryDirectory, user: { kind: "same" }, umask: "077" });
  });

  it("is ready for root in a checkout that is closed to others", async () => {
    await chmod(checkout, 0o700);
    const temporaryDirectory = join(directory, "of-careful-root");
    await expectReady({ temporaryDirectory, user: { kind: "same" }, umask: "022" });
  });

  it("is ready for a normal user in a checkout of their own", async (test) => {
    const closed =
      (await closedToOthers(process.execPath)) ?? (await closedToOthers(join(HOME, "node_modules")));
    if (closed !== null) test.skip(`other users may not enter ${closed}`);
    const nobody = await unprivilegedUser();
    const temporaryDirectory = await ownDirectory("of-nobody");
    const owner = nobody.kind === "other" ? `${nobody.uid}:${nobody.gid}` : "";
    await execute("chown", ["-R", "-h", owner, checkout, temporaryDirectory]);
    await expectReady({ temporaryDirectory, user: nobody, umask: "022" });
  });
});
