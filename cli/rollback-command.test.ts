import { execFile, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CommandLine, openCommandLine } from "./testing/command-line.ts";

const execute = promisify(execFile);
const ROOT = fileURLToPath(new URL("..", import.meta.url));
const RUNBOOK = join(ROOT, "docs/release/ROLLBACK_RUNBOOK.md");
const PATH = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin";
const hasHaproxy = spawnSync("haproxy", ["-v"], { env: { PATH } }).status === 0;

let kanit: CommandLine;
beforeAll(async () => {
  kanit = await openCommandLine();
});
afterAll(() => kanit[Symbol.asyncDispose]());

/** The commands of the runbook's blocks, in their order. */
async function commandsOf(file: string): Promise<readonly string[]> {
  const blocks = [...(await readFile(file, "utf8")).matchAll(/```bash\n(.*?)```/gs)];
  return blocks.flatMap(([, block = ""]) => block.trim().split("\n"));
}

/** Runs a line as a person pastes it, in the project's folder. */
async function paste(line: string) {
  const env = {
    PATH,
    TMPDIR: kanit.temporaryDirectory,
    KANIT_ARCHIVE: join(kanit.temporaryDirectory, "out"),
  };
  return execute("/bin/sh", ["-c", line], { cwd: ROOT, env }).then(
    ({ stdout, stderr }) => ({ exitCode: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => ({ ...error, exitCode: error.code }),
  );
}

describe("kanit rollback", () => {
  it("asks for what its journal needs, in one line", async () => {
    const ended = await kanit.run(["rollback", "v1.4.0", "--stage", "25"]);
    expect(ended).toMatchObject({ exitCode: 64, stdout: "" });
    expect(ended.stderr).toMatch(
      /^kanit: Expected --reason for the journal of the rollback, got none\. .*\n$/,
    );
  });

  it("refuses a stage that is no share", async () => {
    const ended = await kanit.run(["rollback", "v1.4.0", "--reason", "slow", "--stage", "250%"]);
    expect(ended).toMatchObject({ exitCode: 64, stdout: "" });
  });

  it("refuses a release file that is not there", async () => {
    const words = [
      "rollback",
      "v1",
      "--reason",
      "slow",
      "--stage",
      "1",
      "--release-file",
      "/nowhere/release.yml",
    ];
    expect((await kanit.run(words)).exitCode).toBe(64);
  });
});

describe.skipIf(!hasHaproxy)("the rollback runbook (skipped without the program haproxy)", () => {
  it("has commands that work in their order, also when one of them is killed", {
    timeout: 180_000,
  }, async () => {
    const [up = "", dryRun = "", rollback = "", traffic = "", again = ""] = await commandsOf(RUNBOOK);
    expect(up).toBe("./kanit up --canary --canary-share 25");
    await kanit.start(up.split(" ").slice(1)).until(/candidate +http/);

    // How busy the machine is decides how users are; whether the steps could be taken, it does not.
    await paste(dryRun);
    const archive = join(kanit.temporaryDirectory, "out/v1.4.0/data");
    const plan = await readFile(join(archive, "rollback_dryrun.txt"), "utf8");
    expect(plan.match(/^ {3}could be done/gm)).toHaveLength(3);

    const begun = await pasteUntil(rollback, /previous-version done/);
    expect(begun).toMatch(/traffic done: 0 % of the requests go to the candidate/);
    expect(begun).toMatch(/kill-switch done: off on 1 of 1 replicas of the candidate/);
    expect(await paste(traffic)).toMatchObject({ exitCode: 0 });

    // It was killed while it waited for users: what is done is not done again.
    const continued = await pasteUntil(again, /users are|PASS/);
    expect(continued).not.toMatch(/ done: /);
  });
});

/** Runs a line until it has printed this, and kills it with SIGKILL unless it has ended. Returns what it printed. */
async function pasteUntil(line: string, pattern: RegExp): Promise<string> {
  const env = {
    PATH,
    TMPDIR: kanit.temporaryDirectory,
    KANIT_ARCHIVE: join(kanit.temporaryDirectory, "out"),
  };
  const child = spawn("/bin/sh", ["-c", `exec ${line}`], {
    cwd: ROOT,
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const closed = once(child, "close");
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
    if (pattern.test(printed)) child.kill("SIGKILL");
  });
  await closed;
  expect(printed).toMatch(pattern);
  return printed;
}

describe("scripts/rollback.sh", () => {
  it("passes on what rollback.ps1 takes, whatever is in the reason, and the exit code", async () => {
    const folder = join(kanit.temporaryDirectory, "checkout");
    await mkdir(join(folder, "scripts"), { recursive: true });
    await copyFile(join(ROOT, "scripts/rollback.sh"), join(folder, "scripts/rollback.sh"));
    await writeFile(join(folder, "kanit"), '#!/bin/sh\nprintf "%s\\n" "$@"\nexit 2\n', { mode: 0o755 });
    const words = ["-Reason", `p95 "spike" of $HOME; it's bad`, "-Stage", "25%", "-DryRun", "v1.4.0"];
    const script = join(folder, "scripts/rollback.sh");
    const failure = await execute(script, words, { env: { PATH } }).catch((error) => error);
    expect(failure.code).toBe(2);
    expect(failure.stdout.trim().split("\n")).toEqual([
      "rollback",
      ...["--reason", `p95 "spike" of $HOME; it's bad`, "--stage", "25%", "--dry-run", "v1.4.0"],
    ]);
  });
});

describe("scripts/rollback.ps1", () => {
  // There is no PowerShell here to run it.
  it("has the parameters of the deployment index, passes each as one word, and ends with kanit's exit code", async () => {
    const text = await readFile(join(ROOT, "scripts/rollback.ps1"), "utf8");
    expect(text).toMatch(/\[string\] \$Reason,\s+\[string\] \$Stage,/);
    expect(text).toContain('$words += "--reason=$Reason"');
    expect(text).toContain('$words += "--stage=$Stage"');
    expect(text).toContain("@words");
    // Otherwise a release, or an option of kanit's, would become the reason by its position.
    expect(text).toContain("[CmdletBinding(PositionalBinding = $false)]");
    expect(text).not.toMatch(/Invoke-Expression|iex /i);
    expect(text.trimEnd().endsWith("exit $LASTEXITCODE")).toBe(true);
    // Text in double quotes, from the first to the last, in pairs; parentheses and braces too.
    const code = text.replace(/<#.*?#>/s, "").replaceAll(/^\s*#.*$/gm, "");
    for (const [open, close] of ["()", "{}", "[]"].map((pair) => [...pair])) {
      expect(code.split(open ?? "").length).toBe(code.split(close ?? "").length);
    }
    expect((code.match(/"/g) ?? []).length % 2).toBe(0);
  });
});
