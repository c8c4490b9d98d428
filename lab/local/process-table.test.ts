import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { parsePs, parseStat, readProcessTable, treeOf } from "./process-table.ts";

describe("the table of processes", () => {
  it("has this process, its child below it, and its CPU time", async () => {
    const child = spawn("sleep", ["60"]);
    await once(child, "spawn");
    try {
      const table = await readProcessTable();
      const tree = treeOf(table, process.pid);
      expect(tree[0]?.pid).toBe(process.pid);
      expect(tree.map(({ pid }) => pid)).toContain(child.pid);
      expect(table.get(process.pid)?.cpuMs).toBeGreaterThan(0);
    } finally {
      child.kill();
    }
  });

  it("has no tree for a process that is gone", async () => {
    expect(treeOf(await readProcessTable(), 999_999_999)).toEqual([]);
  });

  it("parses the kernel's line although a program's name may contain spaces and parentheses", () => {
    const stat = "42 (my) (pro gram) S 7 42 42 0 -1 4194304 100 0 0 0 250 50 30 20 20 0 11 0 555 1 2";
    expect(parseStat(42, stat, "program")).toEqual({
      pid: 42,
      parentPid: 7,
      sessionId: 42,
      cpuMs: 3_500,
      isStopped: false,
      commandLine: "program",
    });
  });

  it("parses the output of ps, on Linux and on macOS, including days", () => {
    const printed = "    1     0 1-02:03:04 /sbin/init splash\n  812     1   0:01.50 node main.ts\n";
    expect(parsePs(printed)).toEqual([
      {
        pid: 1,
        parentPid: 0,
        sessionId: null,
        cpuMs: 93_784_000,
        isStopped: false,
        commandLine: "/sbin/init splash",
      },
      {
        pid: 812,
        parentPid: 1,
        sessionId: null,
        cpuMs: 1_500,
        isStopped: false,
        commandLine: "node main.ts",
      },
    ]);
  });
});
