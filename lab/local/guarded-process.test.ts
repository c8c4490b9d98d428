import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, statfs, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SecretRegistry } from "../../core/index.ts";
import { ProcessDiedError } from "../process-died-error.ts";
import { onSmallDisk } from "../testing/small-disk.ts";
import { type GuardedCommand, GuardedProcess } from "./guarded-process.ts";
import { controlGroupOf } from "./lab-mark.ts";

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "kanit-guard-"));
});
afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
});

function shell(script: string, changes: Partial<GuardedCommand> = {}): GuardedCommand {
  return {
    name: `script-${Math.random().toString(36).slice(2)}`,
    command: ["/bin/sh", "-c", script],
    environment: { PATH: "/bin:/usr/bin" },
    workingDirectory: "/",
    logDirectory: directory,
    stopSignal: "TERM",
    user: { kind: "same" },
    controlGroup: null,
    ...changes,
  };
}

const startProcess = (command: GuardedCommand) => GuardedProcess.start(command, new SecretRegistry());

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

const untilGone = async (pid: number) => {
  await expect.poll(() => isRunning(pid), { timeout: 5_000 }).toBe(false);
};

describe("a guarded process", () => {
  it("returns its first line and keeps the rest of its output in its log", async () => {
    await using program = await startProcess(shell("echo first; echo second; echo third >&2; sleep 60"));
    expect(await program.firstOutputLine()).toBe("first");
    await expect.poll(() => readFile(program.logPath, "utf8")).toContain("second");
    expect(await readFile(program.logPath, "utf8")).toContain("third");
  });

  it("keeps secrets out of its log, even when they come in pieces", async () => {
    const command = shell(
      "echo up; for i in 1 2 3 4 5 6 7; do printf 'ke'; printf 'y-hunter2\\n'; done >&2; sleep 60",
    );
    await using program = await GuardedProcess.start(command, SecretRegistry.of("key-hunter2"));
    await program.firstOutputLine();
    await expect.poll(() => readFile(program.logPath, "utf8")).toBe(`up\n${"[redacted]\n".repeat(7)}`);
  });

  it("ends with everything that it started when it is stopped", async () => {
    const program = await startProcess(shell("sleep 60 & echo $!; wait"));
    const grandchild = Number(await program.firstOutputLine());
    expect(isRunning(grandchild)).toBe(true);
    await program.stop();
    await untilGone(grandchild);
  });

  it("is ended by force when it ignores the signal", async () => {
    const program = await startProcess(shell("trap '' TERM; echo $$; while :; do sleep 1; done"));
    const pid = Number(await program.firstOutputLine());
    await program.stop();
    await untilGone(pid);
  });

  it("reports an early death with its exit code and its last lines", async () => {
    await using program = await startProcess(shell("echo 'no such table' >&2; exit 3"));
    const death = await program.firstOutputLine().then(
      () => null,
      (error: unknown) => error,
    );
    expect(death).toBeInstanceOf(ProcessDiedError);
    expect(String(death)).toContain("exit code 3");
    expect(String(death)).toContain("no such table");
  });

  it("reports a death by signal", async () => {
    await using program = await startProcess(shell("kill -9 $$"));
    await expect(program.firstOutputLine()).rejects.toThrow(/exit code 137/);
  });

  it("names a missing program", async () => {
    await using program = await startProcess(shell("", { command: ["no-such-program"] }));
    await expect(program.firstOutputLine()).rejects.toThrow(/exit code 127.*no-such-program/s);
  });

  it("continues when the disk of its log is full", async (test) => {
    const disk = join(directory, "disk");
    await onSmallDisk(test, { path: disk, sizeKb: 64 }, async () => {
      const wordy =
        "echo $$; head -c 200000 /dev/zero | tr '\\0' x | fold; echo the end > ../end; exec sleep 60";
      await using program = await startProcess(shell(wordy, { logDirectory: disk, workingDirectory: disk }));
      const pid = Number(await program.firstOutputLine());
      await expect.poll(() => readFile(join(directory, "end"), "utf8").catch(() => "")).toBe("the end\n");
      await expect.poll(async () => (await statfs(disk)).bavail).toBe(0);
      // An unhandled write error would end this test run.
      expect(isRunning(pid)).toBe(true);
    });
  });

  it("reports its success, or how it failed", async () => {
    await using good = await startProcess(shell("exit 0"));
    await expect(good.succeeded()).resolves.toBeUndefined();
    await using bad = await startProcess(shell("echo 'no such table'; exit 3"));
    await expect(bad.succeeded()).rejects.toThrow(/exit code 3.*no such table/);
  });

  it("reports its death even when its log was removed", async () => {
    const logDirectory = join(directory, "short-lived");
    await mkdir(logDirectory);
    const untilRemoved = "echo up; while [ -d $FOLDER ]; do sleep 0.05; done; exit 1";
    const environment = { PATH: "/bin:/usr/bin", FOLDER: logDirectory };
    await using program = await startProcess(shell(untilRemoved, { logDirectory, environment }));
    const death = new Promise((resolve) => program.onUnexpectedExit(resolve));
    await program.firstOutputLine();
    await rm(logDirectory, { recursive: true });
    expect(await death).toMatchObject({ code: "process-died", death: { lastLines: [] } });
  });

  describe.runIf(process.platform === "linux")(
    "whose command starts processes that leave its session",
    () => {
      // Each writes its process id to a file, ignores TERM, and outlives its parent.
      const stay = (name: string) => `sh -c 'trap "" TERM; echo $$ > ${name}; while :; do sleep 0.1; done'`;
      const own = `setsid ${stay("own-session")} &`;
      const daemon = `setsid sh -c "${stay("daemon").replaceAll("$", "\\$").replaceAll('"', '\\"')} >/dev/null 2>&1 &" &`;
      const cleared = `env -i PATH=/bin:/usr/bin setsid ${stay("cleared")} &`;
      const names = ["own-session", "daemon", "cleared"];
      const start = async (place: string, ending: string) => {
        const workingDirectory = join(directory, place);
        await mkdir(workingDirectory);
        const script = `${own} ${daemon} ${cleared} ${ending}`;
        const program = await startProcess(shell(script, { workingDirectory }));
        const read = (name: string) => readFile(join(workingDirectory, name), "utf8").catch(() => "");
        const pids = async () => (await Promise.all(names.map(read))).map(Number);
        await expect.poll(pids, { timeout: 10_000 }).not.toContain(0);
        return { program, pids: await pids() };
      };

      it("ends them when it is stopped", async () => {
        const { program, pids } = await start("stopped", "sleep 60");
        expect(pids.every(isRunning)).toBe(true);
        await program.stop();
        await Promise.all(pids.map(untilGone));
      });

      it("ends those that have its mark when the command ends by itself", async () => {
        const { program, pids } = await start("ended", "while [ ! -e end ]; do sleep 0.05; done");
        await writeFile(join(directory, "ended", "end"), "");
        await program.exited();
        const [ownSession = 0, daemonized = 0, withoutMark = 0] = pids;
        await Promise.all([untilGone(ownSession), untilGone(daemonized)]);
        // Its parent has ended, and nothing else links it to the command: only a control group would.
        expect(isRunning(withoutMark)).toBe(true);
        process.kill(withoutMark, "SIGKILL");
      });

      it("also ends those without a mark and without a parent where there are control groups", async (test) => {
        const controlGroup = await controlGroupOf(join(directory, "lab"));
        const made =
          controlGroup !== null &&
          (await mkdir(controlGroup).then(
            () => true,
            () => false,
          ));
        if (!made || controlGroup === null) return test.skip("this user cannot create a control group here");
        const workingDirectory = join(directory, "grouped");
        await mkdir(workingDirectory);
        const script = `${cleared} while [ ! -s cleared ]; do sleep 0.05; done`;
        const program = await startProcess(shell(script, { workingDirectory, controlGroup }));
        await program.exited();
        await untilGone(Number(await readFile(join(workingDirectory, "cleared"), "utf8")));
        expect(await readdir(controlGroup).catch((error) => error.code)).toBe("ENOENT");
      });
    },
  );

  it("dies with its runner, even when the runner is killed with SIGKILL", async () => {
    const module = JSON.stringify(new URL("guarded-process.ts", import.meta.url).href);
    const core = JSON.stringify(new URL("../../core/index.ts", import.meta.url).href);
    const command = JSON.stringify(shell("sleep 60 & echo $$ $!; wait"));
    const script = `const { GuardedProcess } = await import(${module});
      const { SecretRegistry } = await import(${core});
      const program = await GuardedProcess.start(${command}, new SecretRegistry());
      console.log(await program.firstOutputLine());`;
    const runner = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = (await once(createInterface({ input: runner.stdout }), "line")) as [string];
    const pids = line.split(" ").map(Number);
    expect(pids.every(isRunning)).toBe(true);
    runner.kill("SIGKILL");
    await Promise.all(pids.map(untilGone));
  });
});
