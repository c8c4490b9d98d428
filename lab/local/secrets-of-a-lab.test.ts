import { spawnSync } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { requestHttp } from "../../network/index.ts";
import { accessFile } from "../access-file.ts";
import type { Lab } from "../lab.ts";
import { openStateDirectory } from "../state-directory.ts";
import { sparkLab } from "../testing/lab-options.ts";
import { makeTestDirectory, removeTestDirectory } from "../testing/test-directory.ts";
import { startLocalLab } from "./start-local-lab.ts";

const IS_ROOT = process.getuid?.() === 0;
const IS_LINUX = process.platform === "linux";
/** A user whom nothing on this machine belongs to. */
const SOMEBODY_ELSE = { uid: 54_321, gid: 54_321 };

let directory = "";
let lab: Lab;
let labDirectory = "";
beforeAll(async () => {
  directory = await makeTestDirectory();
  lab = await startLocalLab(await sparkLab(directory));
  labDirectory = dirname(accessFile((await openStateDirectory(directory)).labs, lab.id));
}, 60_000);
afterAll(async () => {
  await lab.stop();
  await removeTestDirectory(directory);
}, 30_000);

function passwordOf(address: string): string {
  return decodeURIComponent(new URL(address).password);
}

/** All that the lab drew, as far as its addresses hold it. */
function secretsOf({ addresses }: Lab): readonly string[] {
  const { databaseUrl, poolerUrl, poolerAdminUrl, proxyControl, venueControl } = addresses;
  const all = [databaseUrl, poolerUrl, poolerAdminUrl, proxyControl, venueControl].map(passwordOf);
  return [...new Set(all)];
}

/** The answer to a request without the lab's token. */
async function statusWithoutToken(method: string, address: string, path: string): Promise<number> {
  const { origin } = new URL(address);
  return (await requestHttp(`${origin}${path}`, { method })).status;
}

describe("a program of this machine that was not told the token", () => {
  it.each([
    ["POST", "/pause"],
    ["POST", "/reset"],
    ["GET", "/venues/binance/balances"],
    ["DELETE", "/venues/binance/misbehaviors"],
  ])("may not ask the venues: %s %s", async (method, path) => {
    expect(await statusWithoutToken(method, lab.addresses.venueControl, path)).toBe(401);
  });

  it.each([
    ["GET", "/proxies"],
    ["POST", "/reset"],
    ["POST", "/leases"],
    ["DELETE", "/proxies/api"],
  ])("may not ask the fault proxy: %s %s", async (method, path) => {
    expect(await statusWithoutToken(method, lab.addresses.proxyControl, path)).toBe(401);
  });

  it("may not reset the platform, past its link or through it", async () => {
    for (const address of [lab.addresses.platform, lab.addresses.api]) {
      expect(await statusWithoutToken("POST", address, "/internal/reset")).toBe(401);
    }
  });

  it("has changed nothing", async () => {
    const { venueControl } = lab.addresses;
    const { text } = await requestHttp(`${venueControl}/venues/binance`);
    expect(JSON.parse(text)).toMatchObject({ tape: "playing", openOrders: 0 });
    expect((await lab.proxy.links()).has("api")).toBe(true);
    expect(await lab.proxy.leases()).toEqual([]);
  });

  it("does not keep the lab itself from its reset", async () => {
    await expect(lab.reset(3)).resolves.toBeUndefined();
  });
});

describe("the secrets of a lab", () => {
  it("are four passwords and tokens, none like another", () => {
    expect(secretsOf(lab)).toHaveLength(4);
    for (const secret of secretsOf(lab)) expect(secret).toMatch(/^[0-9a-f]{48}$/);
  });

  it.skipIf(!IS_LINUX)("are among no process's arguments, which every user can read", async () => {
    const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
    const lines = await Promise.all(
      pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")),
    );
    expect(lines.some((line) => line.includes("pgbouncer.ini"))).toBe(true);
    for (const secret of secretsOf(lab)) {
      expect(lines.filter((line) => line.includes(secret))).toEqual([]);
    }
  });

  it("are in no log", async () => {
    expect(lab.logs().length).toBeGreaterThan(4);
    for (const { path } of lab.logs()) {
      const text = await readFile(path, "utf8");
      for (const secret of secretsOf(lab)) expect(text.includes(secret), path).toBe(false);
    }
  });

  it("are where shells of the lab's user find them", async () => {
    const { stdout } = spawnSync("sh", [
      "-c",
      `. ${join(labDirectory, "access.env")}; echo $TOXIPROXY_URL $PGPASSWORD`,
    ]);
    const { proxyControl, databaseUrl } = lab.addresses;
    expect(String(stdout).trim()).toBe(`${proxyControl} ${passwordOf(databaseUrl)}`);
  });
});

/** What another user's program says to this command; null when it was let. */
function refusalOf(...command: readonly [string, ...string[]]): string | null {
  const [program, ...args] = command;
  const { status, stderr, error } = spawnSync(program, args, {
    ...SOMEBODY_ELSE,
    env: { PATH: "/bin:/usr/bin" },
  });
  if (error !== undefined) throw error;
  return status === 0 ? null : String(stderr);
}

describe.skipIf(!IS_ROOT || !IS_LINUX)("another user of the machine", () => {
  it.each([
    "lab.json",
    "access.env",
    "pgbouncer/pgbouncer.ini",
    "pgbouncer/users.txt",
    "postgres/data/pg_hba.conf",
    "postgres/data/PG_VERSION",
  ])("may not read %s", async (path) => {
    const whole = join(labDirectory, path);
    expect((await readFile(whole)).length).toBeGreaterThan(0);
    expect(refusalOf("cat", whole)).toMatch(/Permission denied/);
  });

  it.each(["", "postgres", "pgbouncer", "../../cache"])("may not look into the folder ./%s", (path) => {
    expect(refusalOf("ls", join(labDirectory, path))).toMatch(/Permission denied/);
  });

  it("may not read what is kept for the next lab, its first password included", async () => {
    const { cache } = await openStateDirectory(directory);
    const [data = ""] = (await readdir(cache)).filter((name) => name.startsWith("data-"));
    const kept = join(cache, data, "kanit-first-password");
    expect((await readFile(kept, "utf8")).length).toBe(48);
    expect(refusalOf("cat", kept)).toMatch(/Permission denied/);
    await expect(readFile(join(labDirectory, "postgres/data/kanit-first-password"))).rejects.toThrow(
      /ENOENT/,
    );
  });

  it("may not read the environment of a process", async () => {
    const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
    const [secret = ""] = secretsOf(lab).slice(-1);
    const holders: string[] = [];
    for (const pid of pids) {
      const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
      if (environment.includes(secret)) holders.push(pid);
    }
    expect(holders.length).toBeGreaterThan(1);
    for (const pid of holders) expect(refusalOf("cat", `/proc/${pid}/environ`)).toMatch(/Permission denied/);
  });
});
