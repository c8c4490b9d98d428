import { z } from "zod";
import { UsageError } from "../core/index.ts";
import { fileForRelease, listRelease, type ReleasesOptions, readFiled } from "../releases/index.ts";
import {
  type Statement,
  type StatementSigner,
  type Subject,
  signStatement,
  statementShape,
} from "../signatures/index.ts";
import {
  releaseOf,
  sbomStatementOf,
  scanShape,
  testResultOf,
  vulnerabilitiesOf,
} from "../statements/index.ts";

const verdict = z.enum(["pass", "fail", "inconclusive"]);
const opening = { command: z.string(), verdict };
/** The records of gates and of runs, as far as their results go. */
const recordShape = z.union([
  z
    .object({ ...opening, gate: z.string(), checks: z.array(z.object({ id: z.string(), verdict })) })
    .transform(({ checks, ...rest }) => ({
      ...rest,
      checks: checks.map(({ id, verdict }) => ({ name: id, verdict })),
    })),
  z
    .object({ ...opening, scenarios: z.array(z.object({ name: z.string(), verdict })) })
    .transform(({ scenarios, ...rest }) => ({ ...rest, checks: scenarios })),
  z
    .object({ ...opening, triggers: z.array(z.object({ trigger: z.string(), verdict })) })
    .transform(({ triggers, ...rest }) => ({
      ...rest,
      checks: triggers.map(({ trigger, verdict }) => ({ name: trigger, verdict })),
    })),
  z.object(opening).transform((rest) => ({ ...rest, checks: [] })),
]);
const RECORD = /(^|\/)(run|drill|backpressure|gate_[a-z-]+)\.json$/;
const SCAN = /^scans\/[a-z-]+\.json$/;
const bomShape = z.looseObject({
  metadata: z.looseObject({
    component: z.looseObject({
      group: z.string().optional(),
      name: z.string(),
      version: z.string().optional(),
    }),
  }),
});

export interface AttestOptions {
  readonly releases: ReleasesOptions;
  readonly release: string;
  /** The archive's folder. */
  readonly folder: string;
  readonly signer: StatementSigner;
  readonly command: string;
}

/** A statement that was signed and filed. */
export interface FiledStatement {
  readonly path: string;
  readonly type: string;
  readonly subjects: readonly string[];
}

/**
 * Signs what the archive of a release says as in-toto statements, which other tools read: results of runs and gates,
 * bill of materials, provenance, vulnerabilities, and which artifacts are the release.
 *
 * @throws UsageError `nothing-to-attest`.
 */
export async function attestRelease(options: AttestOptions): Promise<readonly FiledStatement[]> {
  const { releases, release, folder, signer, command } = options;
  const found = await statementsIn(folder, release);
  if (found.length === 0) {
    throw new UsageError({
      code: "nothing-to-attest",
      message: `Expected results, a bill of materials or a provenance in the archive of ${release}, got none.`,
      nextStep: `File some first: kanit ritual ${release}, or a run with --release ${release}.`,
    });
  }
  const files = [];
  for (const { path, statement, madeFrom } of found) {
    const text = await signStatement(statement, signer);
    const content = { kind: "exact", text } as const;
    const atMs = releases.clock.nowMs();
    files.push({ path, kind: "statement", content, atMs, command, madeFrom: [madeFrom] });
  }
  await fileForRelease(releases, release, { command, commit: null, target: null, files });
  return found.map(({ path, statement }) => ({
    path,
    type: statement.predicateType,
    subjects: statement.subject.map(({ name }) => name),
  }));
}

interface FoundStatement {
  readonly path: string;
  readonly statement: Statement;
  readonly madeFrom: { readonly name: string; readonly sha256: string };
}

async function statementsIn(folder: string, release: string): Promise<readonly FoundStatement[]> {
  const files = (await listRelease(folder)).filter(({ path }) => !path.startsWith("superseded/"));
  const artifacts = await artifactsIn(folder, release);
  const found: FoundStatement[] = [];
  for (const { path, sha256 } of files) {
    const value = /\.json$/.test(path) ? await readFiled(folder, path) : null;
    if (value === null) continue;
    const subject = { name: path, digest: { sha256 } };
    for (const [kind, statement] of statementsOf(path, value, subject, artifacts, release)) {
      const name = `statements/${kind}-${path.replaceAll("/", "_")}`.replace(/\.json$/, "");
      found.push({ path: `${name}.sigstore.json`, statement, madeFrom: { name: path, sha256 } });
    }
  }
  return found;
}

/** What was built, as the provenance says it. */
async function artifactsIn(folder: string, release: string): Promise<readonly Subject[]> {
  const value = await readFiled(folder, `build_provenance_${release}.json`);
  return statementShape.safeParse(value).data?.subject ?? [];
}

function statementsOf(
  path: string,
  value: unknown,
  subject: Subject,
  artifacts: readonly Subject[],
  release: string,
): readonly (readonly [string, Statement])[] {
  const about = artifacts.length > 0 ? artifacts : [subject];
  if (path === `build_provenance_${release}.json`) {
    const { data } = statementShape.safeParse(value);
    return data === undefined ? [] : [["provenance", data]];
  }
  if (path === `sbom_${release}.json`) {
    const { data } = bomShape.safeParse(value);
    if (data === undefined) return [];
    const { group, name, version = release } = data.metadata.component;
    const whole = group === undefined ? name : `${group}/${name}`;
    return [
      ["sbom", sbomStatementOf(about, data)],
      ["release", releaseOf(about, whole, version)],
    ];
  }
  if (SCAN.test(path)) {
    const { data } = scanShape.safeParse(value);
    if (data === undefined || data.result.kind === "not-run") return [];
    return [["vulnerabilities", vulnerabilitiesOf(about, data.result, data.startedAt, data.endedAt)]];
  }
  if (!RECORD.test(path)) return [];
  const { data } = recordShape.safeParse(value);
  return data === undefined ? [] : [["test-result", testResultOf({ subject, ...data })]];
}
