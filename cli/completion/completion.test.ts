import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { makeProgram } from "../program.ts";
import { silentContext } from "../testing/silent-context.ts";
import { bashCompletion } from "./bash.ts";
import { completionTree } from "./completion-tree.ts";
import { fishCompletion } from "./fish.ts";
import { zshCompletion } from "./zsh.ts";

const execute = promisify(execFile);
const tree = completionTree(makeProgram(silentContext()), { run: ["steady-state", "stale-price"] });

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "kanit-completion-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function write(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

/** What bash offers after these words, of which the last is being typed. */
async function offeredByBash(...words: string[]): Promise<string[]> {
  const script = await write("kanit.bash", bashCompletion(tree));
  const program = `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _kanit; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = await execute("bash", ["-c", program, "bash", script, ...words]);
  return stdout.split("\n").filter((line) => line !== "");
}

describe("completion in bash", () => {
  it("offers the commands, and those below one", async () => {
    expect(await offeredByBash("kanit", "st")).toEqual(["start", "status"]);
    expect(await offeredByBash("kanit", "load", "s")).toEqual(["saturate", "self-test"]);
  });

  it("offers a command's options, and the values of an option that knows them", async () => {
    expect(await offeredByBash("kanit", "run", "steady-state", "--se")).toEqual(["--seed"]);
    expect(await offeredByBash("kanit", "run", "--runtime", "co")).toEqual(["compose", "containers"]);
  });

  it("offers names, and nothing where any value may come, so that files are", async () => {
    expect(await offeredByBash("kanit", "run", "st")).toEqual(["steady-state", "stale-price"]);
    expect(await offeredByBash("kanit", "run", "--tape", "")).toEqual([]);
  });
});

describe("a completion script", () => {
  test.each([
    ["zsh", zshCompletion, ["-n"]],
    ["fish", fishCompletion, ["--no-execute"]],
  ] as const)("is one that %s reads, and names every command", async (shell, render, flags) => {
    const text = render(tree);
    for (const { commands } of tree) for (const { word } of commands) expect(text).toContain(word);
    const script = await write(`kanit.${shell}`, text);
    const missing = await execute(shell, ["--version"]).then(
      () => false,
      () => true,
    );
    if (missing) return;
    await execute(shell, [...flags, script]);
  });
});
