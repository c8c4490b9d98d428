import type { Mutant } from "../engine/mutant.ts";
import { changedLockFile } from "./changed-lock-file.ts";

const LICENSE = "AGPL-3.0-only";

/** An update of a package comes with another license. */
export const relicensedPackage: Mutant = {
  what: `In a copy of the repository, a package of package-lock.json has the license ${LICENSE}.`,
  apply: async (ground) => {
    let before = "none";
    const { path, repository } = await changedLockFile(ground, "relicensed", (shipped) => {
      before = shipped.license ?? "none";
      shipped.license = LICENSE;
    });
    return {
      effect: `${path}: ${LICENSE}, before ${before}`,
      parts: { repository },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  },
};
