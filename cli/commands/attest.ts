import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { mergeVerdicts, systemClock, UsageError, type Verdict } from "../../core/index.ts";
import { archiveOf, checkPolicy, fileForRelease, readPolicy } from "../../releases/index.ts";
import { attestRelease, fileBuild } from "../../ritual/index.ts";
import { readTrustedKeys } from "../../signatures/index.ts";
import {
  billOfMaterials,
  type LicenseFinding,
  licenseFindings,
  SCANNERS,
  scanFolder,
  type TimedScan,
  USUAL_LICENSES,
} from "../../statements/index.ts";
import type { CommandContext } from "../context.ts";
import { readInputJson } from "../input-file.ts";
import { collect, nonEmpty } from "../parse-arguments.ts";
import { commitHere } from "../release-commit.ts";
import {
  type ArchiveFlags,
  type ReleaseFlags,
  release,
  releasesOf,
  withArchiveFlag,
  withReleaseFlags,
} from "../release-flags.ts";
import { type SigningFlags, signersOf, withSigningFlags } from "../signing-flags.ts";

const MARK: Readonly<Record<Verdict, string>> = { pass: "✓", fail: "✕", inconclusive: "?" };
const SEVERITIES = ["unknown", "low", "medium", "high", "critical"] as const;
const SCANNER_NAMES = SCANNERS.map(({ name }) => name);

interface ScanFlags extends ReleaseFlags {
  readonly with: readonly string[];
  readonly failOn: (typeof SEVERITIES)[number];
  readonly allowLicense: readonly string[];
  readonly before?: string;
}

interface AttestFlags extends ArchiveFlags, SigningFlags {
  readonly build?: boolean;
  readonly unsigned?: boolean;
}

interface PolicyFlags extends ArchiveFlags {
  readonly policy: string;
  readonly keys: readonly string[];
}

/** `kanit attest`, `kanit policy check`, `kanit scan`: statements, and who must have made them. */
export function addAttestCommands(program: Command, context: CommandContext): void {
  const attest = program
    .command("attest")
    .description("sign results, bill of materials, provenance and scans of a release as in-toto statements")
    .argument("<release>", "the release: v1.4.0", release);
  withSigningFlags(withArchiveFlag(attest))
    .option("--build", "run `npm pack` here, and file its bill of materials and provenance first")
    .option("--unsigned", "only file them, where there is no key")
    .action((name: string, flags: AttestFlags) => attestAll(name, flags, context));
  const policy = program.command("policy").description("which statements by whom a release must have");
  const check = policy
    .command("check")
    .description("check a release against a policy")
    .argument("<release>", "the release: v1.4.0", release)
    .option("--policy <file>", "the policy", nonEmpty, "policy.yml")
    .option("--keys <path>", "public keys from elsewhere; repeatable", collect, []);
  withArchiveFlag(check).action((name: string, flags: PolicyFlags) => policyCheck(name, flags, context));
  const scan = program
    .command("scan")
    .description(
      "look for known vulnerabilities and for licenses in what is shipped; what could not look is not clean",
    )
    .argument("[folder]", "the folder with the lock file", ".")
    .option("--with <scanner>", `${SCANNER_NAMES.join(", ")}; repeatable (default: all)`, collect, [])
    .addOption(new Option("--fail-on <severity>", "the least that fails").choices(SEVERITIES).default("high"))
    .option("--allow-license <id>", "allow this license too; repeatable", collect, [])
    .option(
      "--before <file>",
      "the bill of materials of the release before, for drift of licenses",
      nonEmpty,
    );
  withReleaseFlags(scan).action((folder: string, flags: ScanFlags) => scanAll(folder, flags, context));
}

async function attestAll(name: string, flags: AttestFlags, context: CommandContext): Promise<void> {
  const { environment, output, signal, conclude } = context;
  const releases = releasesOf(flags, environment);
  if (flags.build === true) {
    const built = { directory: process.cwd(), artifacts: [], clock: systemClock, signal };
    const { lines, verdict } = await fileBuild(releases, name, `kanit attest ${name} --build`, built);
    for (const line of lines) output.line(`filed ${line}`);
    conclude(verdict);
  }
  if (flags.unsigned === true) return;
  const folder = await archiveOf(releases.root, name);
  const [signer] = await signersOf(flags, environment);
  const statements = await attestRelease({
    releases,
    release: name,
    folder,
    signer,
    command: `kanit attest ${name}`,
  });
  for (const { path, type } of statements) output.line(`signed ${path}  ${type}`);
  output.result({ folder, statements });
}

async function policyCheck(
  name: string,
  flags: PolicyFlags,
  { environment, output, conclude }: CommandContext,
): Promise<void> {
  const folder = await archiveOf(releasesOf(flags, environment).root, name);
  const keys = await readTrustedKeys(flags.keys);
  const findings = await checkPolicy(
    folder,
    await readPolicy(resolve(flags.policy)),
    keys,
    systemClock.nowMs(),
  );
  for (const { verdict, line } of findings) output.line(`${MARK[verdict]} ${line}`);
  output.result({ findings });
  conclude(mergeVerdicts(findings.map(({ verdict }) => verdict)));
}

async function scanAll(folder: string, flags: ScanFlags, context: CommandContext): Promise<void> {
  const { output, conclude, signal } = context;
  const unknown = flags.with.find((name) => !SCANNER_NAMES.includes(name));
  if (unknown !== undefined) {
    throw new UsageError({
      code: "unknown-scanner",
      message: `Expected a scanner (${SCANNER_NAMES.join(", ")}), got ${JSON.stringify(unknown)}.`,
      nextStep: "Name one of them with --with.",
    });
  }
  const scanners = flags.with.length === 0 ? SCANNER_NAMES : flags.with;
  // Before what takes minutes.
  const before =
    flags.before === undefined ? null : await readInputJson(flags.before, "components", billOfMaterials);
  const directory = resolve(folder);
  const { sbom, scans } = await scanFolder({ directory, scanners, signal, nowMs: systemClock.nowMs });
  const verdicts = scans.map((scan) => scanVerdict(scan, flags));
  for (const [index, scan] of scans.entries()) output.line(scanLine(scan, verdicts[index] ?? "inconclusive"));
  const licenses = licenseFindings(JSON.parse(sbom.text), before, [...USUAL_LICENSES, ...flags.allowLicense]);
  for (const finding of licenses) output.line(`✕ ${licenseLine(finding)}`);
  const judged = licenseVerdict(licenses, sbom.components);
  if (judged === "pass") output.line(`✓ licenses: ${sbom.components} packages, all allowed`);
  if (judged === "inconclusive") output.line("? licenses: no package was found");
  output.result({ scans, licenses, packages: sbom.components });
  await fileScans(scans, flags, context);
  conclude(mergeVerdicts([...verdicts, judged]));
}

function licenseVerdict(findings: readonly LicenseFinding[], packages: number): Verdict {
  if (findings.length > 0) return "fail";
  return packages === 0 ? "inconclusive" : "pass";
}

function scanVerdict({ result }: TimedScan, { failOn }: ScanFlags): Verdict {
  if (result.kind === "not-run") return "inconclusive";
  const least = SEVERITIES.indexOf(failOn);
  return result.vulnerabilities.some(({ severity }) => SEVERITIES.indexOf(severity) >= least)
    ? "fail"
    : "pass";
}

function scanLine({ result }: TimedScan, verdict: Verdict): string {
  if (result.kind === "not-run") return `? ${result.scanner}: not run: ${result.why}`;
  const { scanner, packages, vulnerabilities, databaseMadeAt } = result;
  const worst = vulnerabilities
    .slice(0, 5)
    .map(({ id, package: name, severity }) => `${id} ${name} (${severity})`);
  const database = databaseMadeAt === null ? "asked over the network" : `database of ${databaseMadeAt}`;
  return `${MARK[verdict]} ${scanner}: ${vulnerabilities.length} in ${packages} packages, ${database}${
    worst.length === 0 ? "" : `: ${worst.join(", ")}`
  }`;
}

function licenseLine({ package: name, license, before, isAllowed }: LicenseFinding): string {
  const drift = before === null || before === license ? "" : `, before: ${before}`;
  return `license of ${name}: ${license}${isAllowed ? "" : ", which is not allowed"}${drift}`;
}

async function fileScans(
  scans: readonly TimedScan[],
  flags: ScanFlags,
  { environment, output }: CommandContext,
): Promise<void> {
  if (flags.release === undefined) return;
  const command = `kanit scan --release ${flags.release}`;
  const made = await fileForRelease(releasesOf(flags, environment), flags.release, {
    ...{ command, commit: await commitHere(), target: null },
    files: scans.map((scan) => ({
      path: `scans/${scan.result.scanner}.json`,
      kind: "scan",
      content: { kind: "text", text: `${JSON.stringify(scan, null, 2)}\n` },
      ...{ atMs: Date.parse(scan.endedAt), command, madeFrom: [] },
    })),
  });
  output.line(`Filed for ${flags.release} in ${made.folder}`);
}
