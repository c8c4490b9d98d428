import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { TOXIPROXY_CLI } from "./engines/toxiproxy-engine.ts";
import { installGoProgram } from "./go-program.ts";

const run = promisify(execFile);

describe("a program of a Go module", () => {
  it("is built once, and returned from the same path afterwards", async ({ skip }) => {
    const found = await installGoProgram(TOXIPROXY_CLI);
    if (found.kind === "missing") return skip(found.why);
    expect((await run(found.path, ["--version"])).stdout).toMatch(/^toxiproxy-cli version/);
    expect(await installGoProgram(TOXIPROXY_CLI)).toEqual(found);
  });

  it("that cannot be built is missing, with the reason", async () => {
    // An invalid version, which is rejected before any lookup.
    const found = await installGoProgram({
      package: "example.invalid/none/cmd/x",
      version: "not a version",
    });
    expect(found).toEqual({
      kind: "missing",
      why: expect.stringMatching(/^example\.invalid\/none\/cmd\/x@not a version: ./),
    });
  });
});
