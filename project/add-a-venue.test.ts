import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const MINUTES_MS = 60_000;
/** Files that step 3 of the page writes. */
const WRITTEN = [
  "docker-compose.yml",
  "docker/links.json",
  "docs/faults.md",
  "docs/misbehaviors.md",
  "docs/venues.md",
];

let copy = "";
const touched = new Set<string>();

beforeAll(async () => {
  // A folder that the user of the lab's Postgres can enter too.
  copy = await mkdtemp(join(tmpdir(), "kanit-fourth-venue-"));
  const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    cwd: ROOT,
    encoding: "utf8",
  });
  for (const file of files.split("\n").filter((name) => /\.|^kanit$/.test(name))) {
    await mkdir(join(copy, dirname(file)), { recursive: true });
    await cp(join(ROOT, file), join(copy, file)).catch(ignoreRemoved);
  }
  await symlink(join(ROOT, "node_modules"), join(copy, "node_modules"));
  await applyPage(await readFile(join(ROOT, "docs/add-a-venue.md"), "utf8"));
}, MINUTES_MS);

afterAll(async () => {
  await rm(copy, { recursive: true, force: true });
});

/** A file that git tracks and that was removed since. */
function ignoreRemoved(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}

/** Follows the page: creates the files of its `ts` blocks, and applies its `diff` blocks. */
async function applyPage(page: string): Promise<void> {
  for (const [, kind, file = "", block = ""] of page.matchAll(/```(ts|diff) file=(\S+)\n([\s\S]*?)```/g)) {
    const path = join(copy, file);
    touched.add(file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, kind === "ts" ? block : changed(await readFile(path, "utf8"), block, file));
  }
}

function changed(text: string, diff: string, file: string): string {
  const lines = diff.split("\n").slice(0, -1);
  const side = (mark: string) => lines.filter((line) => !line.startsWith(mark)).map((line) => line.slice(1));
  const before = `${side("+").join("\n")}\n`;
  expect(text.split(before), `${file} has this once: ${before}`).toHaveLength(2);
  return text.replace(before, () => `${side("-").join("\n")}\n`);
}

function run(program: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: copy, encoding: "utf8" });
  expect(status, `${program} ${args.join(" ")}: ${stdout}${stderr}`).toBe(0);
  return stdout;
}

describe("the page on adding a venue", { timeout: 3 * MINUTES_MS }, () => {
  it("changes few files by hand: two new ones, and nine existing ones, seven of them for the platform", () => {
    expect([...touched].sort()).toEqual([
      "exchanges/fx/fx-feed.ts",
      "exchanges/stubs.ts",
      "platform/config.test.ts",
      "platform/config.ts",
      "platform/platform.yml",
      "platform/runtime/platform-instance.ts",
      "platform/testing/platform-under-test.ts",
      "platform/venues/venue.ts",
      "scenarios/drills/catalog.test.ts",
      "venues/fx.ts",
      "venues/table.ts",
    ]);
  });

  it("generates what follows from the entry", async () => {
    const written = run(process.execPath, "project/generate-docs.ts");
    for (const file of WRITTEN) {
      expect(written).toContain(file);
      expect(await readFile(join(copy, file), "utf8"), file).toMatch(/fx-ws|FX_WS_URL|\bfx\b/);
    }
  });

  it("has code that the type checker, the linter and the layers accept", () => {
    run("node_modules/.bin/tsc", "--incremental", "false");
    run("node_modules/.bin/biome", "check", "venues", "exchanges/fx", "exchanges/stubs.ts", "platform");
    run("node_modules/.bin/depcruise", "--output-type", "err", "venues", "exchanges", "platform");
  });

  it("gives a lab in which the venue quotes through its link, misbehaves, and is measured", async () => {
    const lab = spawn(process.execPath, ["cli/main.ts", "up"], {
      cwd: copy,
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      const said: string[] = [];
      for await (const line of createInterface({ input: lab.stdout })) {
        said.push(line);
        if (line.startsWith("Ctrl-C")) break;
      }
      const saidAfter = (label: string) =>
        said
          .find((line) => line.trim().startsWith(label))
          ?.split(/\s+/)
          .at(-1) ?? "";
      const quote = await firstQuote(`ws://${saidAfter("link fx-ws")}`);
      expect(quote).toMatchObject({
        type: "quote",
        symbol: "USDTRY",
        bid: expect.stringMatching(/^\d+\.\d{4}$/),
      });
      const id = /^lab (\w+) ready/.exec(said[0] ?? "")?.[1] ?? "";
      const kanit = (...args: string[]) => run(process.execPath, "cli/main.ts", ...args, "--lab", id);
      expect(kanit("venue", "fx", "misbehave", "gap", "every=3")).toMatch(/^fx: gap every=3/);
      expect(kanit("inject", "fx-ws", "latency", "latency=10")).toContain("fx-ws");
      expect(kanit("status")).toMatch(/fx-ws[^\n]*latency[\s\S]*fx misbehaves: gap/);
      const metrics = saidAfter("metrics");
      await expect
        .poll(async () => await (await fetch(metrics)).text(), { timeout: 10_000 })
        .toMatch(/^feed_connected\{feed="fx"\} 1$/m);
    } finally {
      const ended = once(lab, "exit");
      lab.kill("SIGTERM");
      await ended;
    }
  });

  it("lets a scenario run under load, and charts the feed's age with the others", async () => {
    // The verdict depends on how busy the machine is, and is not checked here.
    const { status, stdout, stderr } = spawnSync(process.execPath, ["cli/main.ts", "run", "steady-state"], {
      cwd: copy,
      encoding: "utf8",
    });
    expect([0, 1, 2], `${stdout}${stderr}`).toContain(status);
    const entries = await readdir(join(copy, "reports/out"));
    // Labs that were brought up by hand have their logs beside the runs.
    const folder = entries.find((name) => /^\d{8}T/.test(name)) ?? "none";
    const { scenarios } = JSON.parse(await readFile(join(copy, "reports/out", folder, "run.json"), "utf8"));
    const columns: { id: string; values: (number | null)[] }[] = scenarios[0].samples.columns;
    const ages = columns.find(({ id }) => id === "staleness-s-fx")?.values ?? [];
    expect(ages.some((age) => typeof age === "number" && age < 2)).toBe(true);
  });
});

async function firstQuote(url: string): Promise<unknown> {
  const socket = new WebSocket(url);
  await once(socket, "open");
  const quote = new Promise<unknown>((resolve) => {
    socket.on("message", (data) => {
      const message: unknown = JSON.parse(String(data));
      if (JSON.stringify(message).includes('"quote"')) resolve(message);
    });
  });
  socket.send(JSON.stringify({ type: "subscribe", symbols: ["USDTRY"] }));
  try {
    return await quote;
  } finally {
    socket.close();
  }
}
