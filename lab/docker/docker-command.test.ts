import { readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { explainDockerFailure, runDocker } from "./docker-command.ts";

const run = (program: string, ...args: string[]) =>
  runDocker([program, ...args], {
    environment: { PATH: "/usr/bin:/bin" },
    workingDirectory: "/",
    signal: null,
  });

describe("a program of Docker's that fails", () => {
  it.each([
    [
      "docker-unreachable",
      "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
    ],
    [
      "docker-unreachable",
      "Couldn't connect to Docker daemon at http+docker://localhost - is it running?\n\nIf it's at a non-standard location, specify the URL with the DOCKER_HOST environment variable.",
    ],
    [
      "docker-denied",
      'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: Get "http://…": dial unix /var/run/docker.sock: connect: permission denied',
    ],
    [
      "port-taken",
      "Error response from daemon: driver failed programming external connectivity on endpoint kanit: Bind for 127.0.0.1:8080 failed: port is already allocated",
    ],
    ["port-taken", "Error starting userland proxy: listen tcp4 127.0.0.1:8080: bind: address already in use"],
    [
      "image-missing",
      "Error response from daemon: pull access denied for mine, repository does not exist or may require 'docker login'",
    ],
    [
      "image-missing",
      "ERROR: failed to solve: mine:1: failed to resolve source metadata for docker.io/library/mine:1",
    ],
    ["docker-failed", "something else"],
  ])("is explained: %s", (code, said) => {
    const error = explainDockerFailure("docker", ["run", "x"], new Error("exit code 1"), said);
    expect(error.code).toBe(code);
    expect(error.exitCode).toBe(69);
    const [line = ""] = said.split("\n");
    expect(error.message).toContain(line.slice(-100).replace(/[.?]$/, ""));
  });

  it("is missing when it is not installed", async () => {
    await expect(run("docker-that-is-not-there")).rejects.toMatchObject({
      code: "no-docker",
      exitCode: 69,
      nextStep: expect.stringContaining("--runtime local"),
    });
  });

  it("has its last lines in the message", async () => {
    await expect(run("sh", "-c", "echo first; echo the reason >&2; exit 3")).rejects.toMatchObject({
      code: "docker-failed",
      message: expect.stringContaining("first | the reason"),
    });
  });

  it("that is interrupted has ended before its caller continues", async () => {
    const controller = new AbortController();
    const mark = join(tmpdir(), `kanit-interrupted-${process.pid}`);
    // Takes a moment to end, as Compose does, and leaves a mark when it has ended.
    const script = `trap 'sleep 0.2; echo done > ${mark}; exit 1' TERM; echo ready > ${mark}; while :; do sleep 0.05; done`;
    const running = runDocker(["sh", "-c", script], {
      environment: { PATH: "/usr/bin:/bin" },
      workingDirectory: "/",
      signal: controller.signal,
    });
    const marked = () => readFile(mark, "utf8").catch(() => "");
    await expect.poll(marked).toBe("ready\n");
    controller.abort(new Error("enough"));
    await expect(running).rejects.toThrow("enough");
    expect(await marked()).toBe("done\n");
    await rm(mark);
  });
});
