import { tmpdir } from "node:os";
import { describe, expect, it } from "vitest";
import { labTemporaryDirectory } from "./temporary-directory.ts";

describe("the folder for labs", () => {
  it("is TMPDIR, if it is set", () => {
    expect(labTemporaryDirectory({ TMPDIR: "/somewhere" })).toBe(tmpdir());
  });

  it("is otherwise in memory or the system's folder for temporary files", () => {
    expect(["/dev/shm", tmpdir()]).toContain(labTemporaryDirectory({}));
    expect(labTemporaryDirectory({ TMPDIR: "" })).toBe(labTemporaryDirectory({}));
  });
});
