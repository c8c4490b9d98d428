import { basename, resolve } from "node:path";
import { type Command, Option } from "commander";
import { mergeVerdicts, systemClock, type Verdict } from "../../core/index.ts";
import { writeAtomically } from "../../evidence/index.ts";
import {
  approveRelease,
  archiveOf,
  completenessFindings,
  fileForRelease,
  listRelease,
  type ReleaseFinding,
  readReleaseJournal,
  readReleaseStory,
  STAGES,
  type Stage,
  sealArchive,
  verifyRelease,
} from "../../releases/index.ts";
import { renderReleaseHtml } from "../../reports/index.ts";
import { readTrustedKeys } from "../../signatures/index.ts";
import type { CommandContext } from "../context.ts";
import { collect, digest } from "../parse-arguments.ts";
import { commitHere } from "../release-commit.ts";
import { type ArchiveFlags, release, releasesOf, withArchiveFlag } from "../release-flags.ts";
import { type SigningFlags, signersOf, withSigningFlags } from "../signing-flags.ts";

const MARK: Readonly<Record<Verdict, string>> = { pass: "✓", fail: "✕", inconclusive: "?" };
const MOST_LINES = 200;

interface StageFlags extends ArchiveFlags {
  readonly stage: Stage;
}

interface VerifyFlags extends ArchiveFlags {
  readonly keys: readonly string[];
  readonly head?: string;
}

interface ApproveFlags extends ArchiveFlags, SigningFlags {
  readonly role: "deployer" | "reviewer";
  /** Set by --no-go, as commander reads it. */
  readonly go: boolean;
}

/** `kanit evidence …`: the archive of a release. */
export function addEvidenceCommand(program: Command, context: CommandContext): void {
  const evidence = program.command("evidence").description("the archive of a release: out/<release>");
  const command = (name: string, description: string) =>
    withArchiveFlag(
      evidence.command(name).description(description).argument("<release>", "the release: v1.4.0", release),
    );
  command("list", "list what is filed").action((name: string, flags: ArchiveFlags) =>
    list(name, flags, context),
  );
  command("add", "file what was written by hand")
    .argument("<file...>", "files whose names the list of evidence has")
    .action((name: string, files: readonly string[], flags: ArchiveFlags) =>
      add(name, files, flags, context),
    );
  withStage(command("check", "compare what is filed with the list of evidence")).action(
    (name: string, flags: StageFlags) => check(name, flags, context),
  );
  withSigningFlags(withStage(command("seal", "hash all of it, and sign"))).action(
    (name: string, flags: StageFlags & SigningFlags) => seal(name, flags, context),
  );
  withSigningFlags(command("approve", "sign for the release as a person: GO, or NO-GO"))
    .addOption(
      new Option("--role <role>", "deployer or reviewer")
        .choices(["deployer", "reviewer"])
        .makeOptionMandatory(),
    )
    .option("--no-go", "sign against it")
    .action((name: string, flags: ApproveFlags) => approve(name, flags, context));
  command("verify", "check that nothing was changed, who sealed it, and who said GO; uses no network")
    .option(
      "--keys <path>",
      "public keys from elsewhere: a file, or a folder of *.keys.json; repeatable",
      collect,
      [],
    )
    .option("--head <digest>", "the digest that sealing printed, kept outside of the archive", digest)
    .action((name: string, flags: VerifyFlags) => verify(name, flags, context));
  command("show", "make a page of it: what happened, each file, what is missing, who signed")
    .option("--keys <path>", "public keys from elsewhere, as for verify; repeatable", collect, [])
    .action((name: string, flags: VerifyFlags) => showPage(name, flags, context));
}

function withStage(command: Command): Command {
  const option = new Option("--stage <stage>", "up to which stage evidence is due").choices(STAGES);
  return command.addOption(option.default("before"));
}

async function list(
  name: string,
  flags: ArchiveFlags,
  { environment, output }: CommandContext,
): Promise<void> {
  const folder = await archiveOf(releasesOf(flags, environment).root, name);
  const files = await listRelease(folder);
  for (const { path, bytes, at, isSealed, kind } of files) {
    output.line(
      `${isSealed ? "sealed" : "open  "}  ${at.slice(0, 19)}Z  ${String(bytes).padStart(10)}  ${path}  ${kind}`,
    );
  }
  output.line(`${files.length} files in ${folder}`);
  output.result({ folder, files });
}

async function add(
  name: string,
  paths: readonly string[],
  flags: ArchiveFlags,
  { environment, output }: CommandContext,
): Promise<void> {
  const nowMs = systemClock.nowMs();
  const command = `kanit evidence add ${name} ${paths.join(" ")}`;
  const made = await fileForRelease(releasesOf(flags, environment), name, {
    command,
    commit: await commitHere(),
    target: null,
    files: paths.map((path) => ({
      path: basename(path),
      kind: "by-hand",
      content: { kind: "copy", from: resolve(path) },
      ...{ atMs: nowMs, command, madeFrom: [] },
    })),
  });
  for (const { path, sha256 } of made.entry.files) output.line(`filed ${path}  ${sha256}`);
  output.result({ folder: made.folder, files: made.entry.files });
}

async function check(name: string, flags: StageFlags, context: CommandContext): Promise<void> {
  const folder = await archiveOf(releasesOf(flags, context.environment).root, name);
  const journal = await readReleaseJournal(folder);
  show([...journal.findings, ...completenessFindings(journal, flags.stage, systemClock.nowMs())], context);
}

async function seal(
  name: string,
  flags: StageFlags & SigningFlags,
  { environment, output, conclude }: CommandContext,
): Promise<void> {
  const { root, clock } = releasesOf(flags, environment);
  const folder = await archiveOf(root, name);
  const [signer] = await signersOf(flags, environment);
  const made = await sealArchive({ folder, release: name, stage: flags.stage, signer, clock });
  const { number, incomplete } = made.predicate;
  output.line(`sealed: ${made.files} files of ${name}, seal ${number}, key ${signer.keyId.slice(0, 12)}`);
  for (const line of incomplete) output.line(`  incomplete: ${line}`);
  output.line(`  evidence ${made.manifestSha256}`);
  output.line(`  Verify  kanit evidence verify ${name} --keys <keys> --head ${made.bundleSha256}`);
  output.result({ folder, seal: number, evidence: made.manifestSha256, head: made.bundleSha256, incomplete });
  conclude(incomplete.length === 0 ? "pass" : "inconclusive");
}

async function approve(
  name: string,
  flags: ApproveFlags,
  { environment, output }: CommandContext,
): Promise<void> {
  const options = releasesOf(flags, environment);
  const folder = await archiveOf(options.root, name);
  const decision = flags.go ? "GO" : "NO-GO";
  for (const signer of await signersOf(flags, environment)) {
    const command = `kanit evidence approve ${name} --role ${flags.role}${flags.go ? "" : " --no-go"}`;
    const made = await approveRelease({
      ...options,
      folder,
      release: name,
      decision,
      role: flags.role,
      signer,
      command,
    });
    output.line(`${decision} of key ${signer.keyId.slice(0, 12)} (${flags.role}) filed; seal it in turn`);
    output.result({ folder, files: made.entry.files });
  }
}

async function verify(name: string, flags: VerifyFlags, context: CommandContext): Promise<void> {
  const folder = await archiveOf(releasesOf(flags, context.environment).root, name);
  const keys = flags.keys.length === 0 ? null : await readTrustedKeys(flags.keys);
  show(
    await verifyRelease({
      folder,
      release: name,
      keys,
      expectedHead: flags.head ?? null,
      clock: systemClock,
    }),
    context,
  );
}

/** The page lies beside the archive, which nothing may be added to. */
async function showPage(
  name: string,
  flags: VerifyFlags,
  { environment, output }: CommandContext,
): Promise<void> {
  const folder = await archiveOf(releasesOf(flags, environment).root, name);
  const keys = flags.keys.length === 0 ? null : await readTrustedKeys(flags.keys);
  const story = await readReleaseStory({ folder, release: name, keys, clock: systemClock });
  const path = `${folder}.html`;
  await writeAtomically(path, renderReleaseHtml(story));
  output.line(path);
  output.result({ path, verdict: story.verdict });
}

function show(findings: readonly ReleaseFinding[], { output, conclude }: CommandContext): void {
  for (const { verdict, line } of findings.slice(0, MOST_LINES)) output.line(`${MARK[verdict]} ${line}`);
  if (findings.length > MOST_LINES) output.line(`… and ${findings.length - MOST_LINES} more`);
  output.result({ findings });
  conclude(mergeVerdicts(findings.map(({ verdict }) => verdict)));
}
