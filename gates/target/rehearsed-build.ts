import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../../core/index.ts";
import { makeSbom, observeBuild, provenanceOf } from "../../statements/index.ts";

/** What a release's evidence says of its build, by the names of the files. */
export type BuildEvidence = Readonly<
  Record<"sbom_{release}.json" | "build_provenance_{release}.json", string>
>;

/**
 * Makes the bill of materials and the provenance of a repository, for a drill: both are made as for a release, of a
 * file in place of what `npm pack` would build.
 *
 * @param scratch A folder for that file.
 * @throws UnavailableError `package-missing`, or `sbom-not-made`.
 */
export async function rehearseBuild(
  repository: string,
  scratch: string,
  { clock, signal }: { readonly clock: Pick<Clock, "nowMs">; readonly signal: AbortSignal },
): Promise<BuildEvidence> {
  const built = join(scratch, "rehearsed-build.tgz");
  await writeFile(built, "built in a drill\n");
  const build = await observeBuild({
    directory: repository,
    artifacts: [built],
    outDirectory: scratch,
    nowMs: () => clock.nowMs(),
    signal,
  });
  const { lock } = build.before;
  const sbom = await makeSbom(repository, [...build.artifacts, ...(lock === null ? [] : [lock])], signal);
  return {
    "sbom_{release}.json": sbom.text,
    "build_provenance_{release}.json": `${JSON.stringify(provenanceOf(build), null, 2)}\n`,
  };
}
