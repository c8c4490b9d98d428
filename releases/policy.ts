import { createHash } from "node:crypto";
import { join } from "node:path";
import { z } from "zod";
import { UsageError } from "../core/index.ts";
import { readWholeFile, UnreadableFile } from "../evidence/index.ts";
import { type Statement, type TrustedKeys, verifyBundle } from "../signatures/index.ts";
import { readYaml } from "../syntax/index.ts";
import { type CurrentFile, filesAfter } from "./current-files.ts";
import { APPROVALS, LAYOUT } from "./layout.ts";
import { readApprovals } from "./read-approvals.ts";
import { readFiled } from "./read-filed.ts";
import { readSmallFile } from "./read-small-file.ts";
import { broken, open, type ReleaseFinding, sound } from "./release-finding.ts";
import { type ReleaseJournal, readReleaseJournal } from "./release-journal.ts";

const LARGEST_POLICY_BYTES = 1024 * 1024;
const STATEMENTS = "statements";

const requirementShape = z.strictObject({
  /** The predicate type of the statements: `https://slsa.dev/provenance/v1`. */
  type: z.string().min(1),
  /** Whose signatures count. */
  by: z.array(z.string()).min(1),
  /** How many people have to sign. */
  least: z.int().positive().default(1),
  /** What a test's result has to be, in each of them. */
  result: z.enum(["PASSED", "WARNED"]).optional(),
});
const policyShape = z.strictObject({
  schema: z.literal("kanit.policy/1"),
  /** After it, nothing passes: a policy that nobody looks at any more says nothing. */
  expires: z.iso.date(),
  require: z.array(requirementShape).min(1),
});

/** Which statements by whom a release must have. */
export type Policy = z.infer<typeof policyShape>;

/** @throws UsageError `bad-policy`. */
export async function readPolicy(path: string): Promise<Policy> {
  const reading = readYaml(await readText(path));
  if (reading.kind === "unreadable") {
    const [first] = reading.problems;
    const { line, column } = first?.place ?? { line: 1, column: 1 };
    throw badPolicy(path, `${first?.problem ?? "no YAML"} (line ${line}, column ${column})`);
  }
  const parsed = policyShape.safeParse(reading.source.data);
  if (parsed.success) return parsed.data;
  throw badPolicy(path, z.prettifyError(parsed.error).split("\n").slice(0, 2).join(" "));
}

async function readText(path: string): Promise<string> {
  try {
    return (await readWholeFile(path, LARGEST_POLICY_BYTES)).toString("utf8");
  } catch (cause) {
    if (!(cause instanceof UnreadableFile)) throw cause;
    throw badPolicy(path, `a file that ${cause.message}`, cause);
  }
}

function badPolicy(path: string, received: string, cause?: unknown): UsageError {
  return new UsageError({
    code: "bad-policy",
    message: `Expected a policy (kanit.policy/1) at ${path}, got ${received}.`,
    nextStep: "docs/evidence.md has one.",
    cause,
  });
}

/** Checks that an archive has the statements that a policy asks for. */
export async function checkPolicy(
  folder: string,
  policy: Policy,
  keys: TrustedKeys,
  nowMs: number,
): Promise<readonly ReleaseFinding[]> {
  const journal = await readReleaseJournal(folder);
  const signed = await signedStatements(folder, journal, keys, nowMs);
  const isExpired = nowMs >= Date.parse(policy.expires);
  return [
    ...(isExpired ? [open("stale", `the policy has expired on ${policy.expires}`)] : []),
    ...signed.refused,
    ...policy.require.map((requirement) => requirementFinding(requirement, signed.statements)),
  ];
}

/** A statement about something in this archive, and who signed it. */
interface Signed {
  readonly person: string;
  readonly type: string;
  readonly result: string | null;
}

function requirementFinding(
  { type, by, least, result }: Policy["require"][number],
  statements: readonly Signed[],
): ReleaseFinding {
  const counted = statements.filter((each) => each.type === type && by.includes(each.person));
  const others = result === undefined ? [] : counted.filter((each) => !isAtLeast(each.result, result));
  if (others.length > 0)
    return broken("approval", `${type}: ${others.length} of ${counted.length} are not ${result}`);
  const people = new Set(counted.map(({ person }) => person));
  const who = `${people.size} of ${least} signed${people.size === 0 ? "" : `: ${[...people].join(", ")}`}`;
  if (people.size >= least) return sound("approval", `${type}: ${who}, ${counted.length} in all`);
  return open("approval", `${type}: ${who}; asked for are ${by.join(", ")}`);
}

function isAtLeast(result: string | null, wanted: string): boolean {
  return result === "PASSED" || (result === "WARNED" && wanted === "WARNED");
}

async function signedStatements(folder: string, journal: ReleaseJournal, keys: TrustedKeys, nowMs: number) {
  const files = filesAfter(journal.filings, Number.POSITIVE_INFINITY);
  const known = await knownDigests(folder, journal, files);
  const statements: Signed[] = [];
  const refused: ReleaseFinding[] = [];
  for (const [path, file] of files) {
    if (!path.startsWith(`${STATEMENTS}/`)) continue;
    const read = await signedStatement(folder, file, known, keys, nowMs);
    if ("why" in read) refused.push(broken("signature", `${path}: ${read.why}`));
    else statements.push(read);
  }
  const approvals = await readApprovals(folder, journal, keys, nowMs);
  for (const { person, decision } of approvals.counted) {
    if (decision === "GO") statements.push({ person, type: "urn:kanit:approval:v1", result: null });
  }
  for (const { path, why } of approvals.refused)
    refused.push(broken("signature", `${path}: ${why} (${APPROVALS}/)`));
  return { statements, refused };
}

/** Digests of all that is in the archive, and of what its provenance says was built. */
async function knownDigests(
  folder: string,
  journal: ReleaseJournal,
  files: ReadonlyMap<string, CurrentFile>,
): Promise<ReadonlySet<string>> {
  const release = journal.created?.release ?? "";
  const provenance = await readFiled(folder, `build_provenance_${release}.json`);
  const built = z.object({ subject: z.array(z.object({ digest: z.record(z.string(), z.string()) })) });
  const artifacts = built.safeParse(provenance).data?.subject ?? [];
  return new Set([
    ...[...files.values()].map(({ sha256 }) => sha256),
    ...artifacts.flatMap(({ digest }) => Object.values(digest)),
  ]);
}

async function signedStatement(
  folder: string,
  { path, sha256, filing }: CurrentFile,
  known: ReadonlySet<string>,
  keys: TrustedKeys,
  nowMs: number,
): Promise<Signed | { readonly why: string }> {
  const file = await readSmallFile(folder, join(LAYOUT.data, path));
  if (file === null || "why" in file) return { why: file?.why ?? "is missing" };
  if (createHash("sha256").update(file.text).digest("hex") !== sha256)
    return { why: "is not as it was filed" };
  const type = typeIn(file.text);
  // Most predicates have no time of signing: the journal, which is sealed, has the time of filing.
  const timeOf = () => Date.parse(filing.filedAt);
  const reading = await verifyBundle(file.text, keys, { predicateType: type, timeOf, nowMs });
  if (reading.kind === "refused") return { why: reading.why };
  if (reading.kind === "unknown-key")
    return { why: `key ${reading.keyId.slice(0, 12)} is not among those given` };
  const { statement, key } = reading;
  const strangers = statement.subject.filter(
    ({ digest }) => !Object.values(digest).some((each) => known.has(each)),
  );
  if (strangers.length > 0) return { why: `is about ${strangers[0]?.name}, which is not in this archive` };
  return { person: key.person, type, result: resultIn(statement) };
}

function typeIn(bundle: string): string {
  const shape = z.object({ dsseEnvelope: z.object({ payload: z.base64() }) });
  try {
    const { dsseEnvelope } = shape.parse(JSON.parse(bundle));
    const payload = JSON.parse(Buffer.from(dsseEnvelope.payload, "base64").toString("utf8"));
    return z.object({ predicateType: z.string() }).parse(payload).predicateType;
  } catch {
    // Verification says what is wrong with it.
    return "";
  }
}

function resultIn({ predicate }: Statement): string | null {
  return typeof predicate.result === "string" ? predicate.result : null;
}
