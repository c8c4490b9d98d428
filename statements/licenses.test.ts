import { describe, expect, it } from "vitest";
import { licenseFindings } from "./licenses.ts";

const bom = (...components: readonly (readonly [string, string])[]) => ({
  components: components.map(([name, expression]) => ({
    name,
    licenses: expression === "" ? [] : [{ expression }],
  })),
});
const found = (...components: readonly (readonly [string, string])[]) =>
  licenseFindings(bom(...components), null, ["MIT", "Apache-2.0"]).map((finding) => finding.package);

describe("the licenses of what is shipped", () => {
  it("are allowed by one of OR, and by all of AND", () => {
    expect(found(["a", "MIT"], ["b", "MIT OR GPL-3.0-only"], ["c", "(MIT AND Apache-2.0)"])).toEqual([]);
    expect(found(["d", "MIT AND GPL-3.0-only"], ["e", "(GPL-2.0-only OR AGPL-3.0-only) AND MIT"])).toEqual([
      "d",
      "e",
    ]);
  });

  it("are not allowed where there is none, or a text that is no expression", () => {
    expect(found(["a", ""], ["b", "See LICENSE"], ["c", "MIT License"])).toEqual(["a", "b", "c"]);
  });

  it("drift when one is another than in the release before, also to an allowed one", () => {
    const findings = licenseFindings(bom(["a", "Apache-2.0"], ["b", "MIT"]), bom(["a", "MIT"]), [
      "MIT",
      "Apache-2.0",
    ]);
    expect(findings).toEqual([{ package: "a", license: "(Apache-2.0)", before: "(MIT)", isAllowed: true }]);
  });
});
