import { describe, expect, it } from "vitest";
import { type ReleasePage, renderReleaseHtml } from "./release-page.ts";

const PAGE: ReleasePage = {
  release: "v1.4.0",
  archive: "v1.4.0@2",
  follows: "v1.4.0",
  verdict: "inconclusive",
  madeAt: "2025-08-01T12:00:00.000Z",
  commit: "0123456789abcdef",
  evidence: null,
  findings: [
    { verdict: "inconclusive", line: "is not sealed" },
    { verdict: "fail", line: "<script>alert(1)</script> was changed" },
  ],
  signatures: [{ what: "seal 1", person: null, at: null, note: "key 0123 is not among those given" }],
  events: [
    {
      at: "2025-08-01T11:00:00.000Z",
      what: "filed",
      command: "kanit preflight v1.4.0",
      commit: null,
      target: null,
      files: [{ path: "preflight.txt", title: "Preflight", bytes: 12 }],
    },
  ],
};

describe("the page of a release", () => {
  const text = renderReleaseHtml(PAGE);

  it("leads to each file by one click, also in an archive whose name has a sign", () => {
    expect(text).toContain('<a href="./v1.4.0%402/data/preflight.txt">preflight.txt</a>');
  });

  it("names what was changed first, and runs nothing of it", () => {
    expect(text.indexOf("was changed")).toBeLessThan(text.indexOf("is not sealed"));
    expect(text).not.toContain("<script");
  });

  it("says who did not sign", () => {
    expect(text).toContain("nobody known");
  });
});
