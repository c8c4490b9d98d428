import type { Mutant } from "../engine/mutant.ts";
import { changedLockFile } from "./changed-lock-file.ts";

const VERSION = "9999.0.0";

/** A package is updated after the bill of materials was made. */
export const updatedPackage: Mutant = {
  what: "In a copy of the repository, a package of package-lock.json has another version than when the SBOM was made.",
  apply: async (ground) => {
    let before = "none";
    const { path, repository } = await changedLockFile(ground, "updated", (shipped) => {
      before = shipped.version ?? "none";
      shipped.version = VERSION;
    });
    return {
      effect: `${path}: ${VERSION}, before ${before}`,
      parts: { repository },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  },
};
