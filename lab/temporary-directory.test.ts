import { tmpdir } from "node:os";
import { describe, expect, it } from "vitest";
import { labTemporaryDirectory } from "./temporary-directory.ts";

describe("the folder for labs", () => {
  it("is where TMPDIR says, whatever else there is", () => {
    expect(labTemporaryDirectory({ TMPDIR: "/somewhere" })).toBe(tmpdir());
  });

  it("is in memory or among the system's temporary files otherwise", () => {
    expect(["/dev/shm", tmpdir()]).toContain(labTemporaryDirectory({}));
    expect(labTemporaryDirectory({ TMPDIR: "" })).toBe(labTemporaryDirectory({}));
  });
});
