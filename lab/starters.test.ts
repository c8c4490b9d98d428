import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { describe, expect, it } from "vitest";
import type { ProcessOwner } from "./process-owner.ts";
import { startersOf, untilOneEnds } from "./starters.ts";

/** Starts a shell, which prints the id of the process that it starts, and waits for it. */
async function startChain(script: string, detached: boolean) {
  const outer = spawn("/bin/sh", ["-c", script], { detached, stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(createInterface({ input: outer.stdout }), "line")) as [string];
  return { outer, pid: Number(line) };
}

async function runningStartersOf(pid: number): Promise<readonly ProcessOwner[]> {
  const starters = await startersOf(pid);
  if (starters.kind === "running") return starters.processes;
  throw new Error("Expected a process whose starters run.");
}

describe("the starter of a process", () => {
  it("is its parent, and for a shell with a command also the shell's parent", async () => {
    const { outer, pid } = await startChain("sleep 60 & echo $!; wait", false);
    try {
      const starters = await runningStartersOf(pid);
      expect(starters.slice(0, 2).map((starter) => starter.pid)).toEqual([outer.pid, process.pid]);
    } finally {
      process.kill(pid, "SIGKILL");
    }
  });

  it("is noticed when it ends while it is looked for", async () => {
    const entry = { sessionId: 10, cpuMs: 0, isStopped: false, commandLine: "kanit up" };
    const looks = [
      { ...entry, pid: 12, parentPid: 11 },
      null, // the parent
      { ...entry, pid: 12, parentPid: 1 },
    ];
    expect(await startersOf(12, async () => looks.shift() ?? null)).toEqual({ kind: "ended" });
  });

  it("is unknown where this user cannot see its parent", async () => {
    const child = {
      pid: 12,
      parentPid: 11,
      sessionId: 10,
      cpuMs: 0,
      isStopped: false,
      commandLine: "kanit up",
    };
    const read = async (pid: number) => (pid === child.pid ? child : null);
    expect(await startersOf(child.pid, read)).toEqual({ kind: "running", processes: [] });
  });

  it("is noticed when it ends", async () => {
    const { outer, pid } = await startChain("sleep 60 & echo $!; wait", false);
    try {
      const starters = await runningStartersOf(pid);
      outer.kill("SIGKILL");
      expect(await untilOneEnds(starters, new AbortController().signal)).toEqual(starters[0]);
    } finally {
      process.kill(pid, "SIGKILL");
    }
  });

  it.runIf(process.platform === "linux")("does not exist for a session leader", async () => {
    const { outer } = await startChain("echo $$; exec sleep 60", true);
    try {
      expect(await runningStartersOf(outer.pid ?? 0)).toEqual([]);
    } finally {
      outer.kill("SIGKILL");
    }
  });

  it.runIf(process.platform === "linux")("is the leader of its session, and nobody before that", async () => {
    const { outer, pid } = await startChain("sleep 60 & echo $!; wait", true);
    try {
      expect((await runningStartersOf(pid)).map((starter) => starter.pid)).toEqual([outer.pid]);
    } finally {
      process.kill(pid, "SIGKILL");
    }
  });

  // `npm` may be killed while it starts kanit: nobody is left then whose end could be seen.
  it.runIf(process.platform === "linux").each([
    ["has ended before the first look", "sleep 60 & echo $!; wait"],
    ["had started it by a shell, and has ended", "sh -c 'sleep 60 & echo $!; wait'; true"],
  ])("is known to be gone when it %s", async (_, script) => {
    const { outer, pid } = await startChain(script, true);
    try {
      const ended = once(outer, "exit");
      outer.kill("SIGKILL");
      await ended;
      expect(await startersOf(pid)).toEqual({ kind: "ended" });
    } finally {
      process.kill(pid, "SIGKILL");
    }
  });
});
