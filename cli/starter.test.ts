import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CommandLine, openCommandLine } from "./testing/command-line.ts";

const MAIN = fileURLToPath(new URL("main.ts", import.meta.url));
const UP = `true && "${process.execPath}" "${MAIN}" up --tape synthetic`;
const CHAINS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  "npm start": ["npm", "start"],
  "sh -c": ["/bin/sh", "-c", `${UP}; true`],
};

let commandLine: CommandLine;
beforeAll(async () => {
  commandLine = await openCommandLine();
  const manifest = { name: "mine", version: "1.0.0", private: true, scripts: { start: UP } };
  await writeFile(join(commandLine.temporaryDirectory, "package.json"), JSON.stringify(manifest));
});
afterAll(() => commandLine[Symbol.asyncDispose]());

/**
 * Starts a lab through this chain of processes, kills the outermost, and resolves when no process is left.
 */
async function endOuter([program, ...args]: readonly [string, ...string[]], signal: NodeJS.Signals) {
  const outer = spawn(program, args, {
    cwd: commandLine.temporaryDirectory,
    env: {
      PATH: "/usr/local/bin:/usr/bin:/bin:/usr/sbin",
      HOME: commandLine.temporaryDirectory,
      TMPDIR: commandLine.temporaryDirectory,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  await new Promise<void>((resolve, reject) => {
    outer.once("exit", () => reject(new Error(`${program} ended before the lab was ready:\n${said}`)));
    outer.stdout.on("data", (chunk) => {
      said += chunk;
      if (said.includes("Ctrl-C stops it")) resolve();
    });
  });
  expect(await commandLine.leftovers()).not.toEqual([]);
  outer.kill(signal);
  await expect.poll(() => commandLine.leftovers(), { timeout: 45_000, interval: 200 }).toEqual([]);
}

describe.each(Object.entries(CHAINS))("a lab that %s started", (_, chain) => {
  it.each(["SIGTERM", "SIGKILL"] as const)(
    "ends when its starter is ended by %s",
    { timeout: 90_000 },
    (signal) => endOuter(chain, signal),
  );
});
