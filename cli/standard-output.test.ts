import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { StandardOutput } from "./standard-output.ts";

function failing(code: string) {
  const [output, errorOutput] = [new PassThrough(), new PassThrough()];
  const failures: string[] = [];
  const standardOutput = new StandardOutput(output, errorOutput, ({ message }) => failures.push(message));
  errorOutput.emit("error", new Error("a terminal that is gone"));
  output.emit("error", Object.assign(new Error(code), { code }));
  output.emit("error", Object.assign(new Error(code), { code }));
  return { failures, hasFailed: standardOutput.hasFailed };
}

describe("the standard output", () => {
  it("has not failed when its reader went away", () => {
    expect(failing("EPIPE")).toEqual({ failures: [], hasFailed: false });
  });

  it("has failed, and says so once, when what was said is lost", () => {
    expect(failing("ENOSPC")).toEqual({ failures: ["ENOSPC"], hasFailed: true });
  });
});
