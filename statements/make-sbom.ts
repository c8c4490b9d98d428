import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { z } from "zod";
import { UnavailableError } from "../core/index.ts";
import { importOptional } from "../installation/index.ts";
import type { NamedDigest } from "./observe-build.ts";
import { runStep } from "./run-step.ts";

const LIMIT_MS = 60_000;
const CYCLONEDX = {
  packages: ["@cyclonedx/cyclonedx-npm"],
  neededFor: "a software bill of materials",
} as const;

const bomShape = z.looseObject({
  bomFormat: z.literal("CycloneDX"),
  metadata: z.looseObject({ properties: z.array(z.unknown()).optional() }),
  components: z.array(z.looseObject({ name: z.string() })).optional(),
});

/** A software bill of materials, and what it is of. */
export interface MadeSbom {
  /** CycloneDX 1.6, the same for the same lock file and artifacts, byte for byte. */
  readonly text: string;
  readonly components: number;
}

/**
 * Makes the bill of materials of what is shipped: the packages that the lock file installs without those for
 * development. It names the digests of the lock file and of the artifacts, since a list for one of them says nothing
 * about another.
 *
 * @throws UnavailableError `package-missing`, or `sbom-not-made`.
 */
export async function makeSbom(
  directory: string,
  boundTo: readonly NamedDigest[],
  signal: AbortSignal,
): Promise<MadeSbom> {
  const program = await programPath();
  const options = ["--package-lock-only", "--omit", "dev", "--output-reproducible", "--spec-version", "1.6"];
  const words = [
    process.execPath,
    program,
    ...options,
    "--output-format",
    "JSON",
    "--output-file",
    "-",
  ] as const;
  const { exitCode, output, problem } = await runStep({ words, directory, timeLimitMs: LIMIT_MS, signal });
  const parsed = bomShape.safeParse(parseJson(output));
  if (exitCode !== 0 || !parsed.success) throw notMade(problem === "" ? `exit ${exitCode}` : problem);
  const { components = [], metadata } = parsed.data;
  const properties = boundTo.map(({ name, sha256 }) => ({ name: `kanit:sha256:${name}`, value: sha256 }));
  const bom = {
    ...parsed.data,
    metadata: { ...metadata, properties: [...(metadata.properties ?? []), ...properties] },
  };
  return { text: `${JSON.stringify(bom, null, 2)}\n`, components: components.length };
}

/** The package exports no more than its entry, beside which its program lies. */
async function programPath(): Promise<string> {
  const entry = await importOptional(CYCLONEDX, async () =>
    createRequire(import.meta.url).resolve("@cyclonedx/cyclonedx-npm"),
  );
  return join(dirname(entry), "bin", "cyclonedx-npm-cli.js");
}

function notMade(problem: string): UnavailableError {
  return new UnavailableError({
    code: "sbom-not-made",
    message: `Expected a bill of materials from cyclonedx-npm, got: ${problem.split("\n").at(-1) ?? ""}.`,
    nextStep: "It needs a package.json with a package-lock.json, and npm.",
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // `undefined` is no JSON value, so the shape refuses it.
    return undefined;
  }
}
