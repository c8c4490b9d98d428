import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { describe, expect, it } from "vitest";
import { startersOf, untilOneEnds } from "./starters.ts";

/** Starts a shell, which prints the id of the process that it starts, and waits for it. */
async function startChain(script: string, detached: boolean) {
  const outer = spawn("/bin/sh", ["-c", script], { detached, stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(createInterface({ input: outer.stdout }), "line")) as [string];
  return { outer, pid: Number(line) };
}

describe("the starter of a process", () => {
  it("is its parent, and for a shell with a command also the shell's parent", async () => {
    const { outer, pid } = await startChain("sleep 60 & echo $!; wait", false);
    try {
      const starters = await startersOf(pid);
      expect(starters.slice(0, 2).map((starter) => starter.pid)).toEqual([outer.pid, process.pid]);
    } finally {
      process.kill(pid, "SIGKILL");
    }
  });

  it("is noticed when it ends", async () => {
    const { outer, pid } = await startChain("sleep 60 & echo $!; wait", false);
    try {
      const starters = await startersOf(pid);
      outer.kill("SIGKILL");
      expect(await untilOneEnds(starters, new AbortController().signal)).toEqual(starters[0]);
    } finally {
      process.kill(pid, "SIGKILL");
    }
  });

  it.runIf(process.platform === "linux")("does not exist for a session leader", async () => {
    const { outer } = await startChain("echo $$; exec sleep 60", true);
    try {
      expect(await startersOf(outer.pid ?? 0)).toEqual([]);
    } finally {
      outer.kill("SIGKILL");
    }
  });
});
