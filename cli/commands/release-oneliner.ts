import { relative } from "node:path";
import type { Command } from "commander";
import { systemClock } from "../../core/index.ts";
import { isReportSource, reportRelease } from "../../gates/index.ts";
import { archiveOf, GateFiling, readEvidence, readReleaseFiles } from "../../releases/index.ts";
import { commandLine } from "../../runs/index.ts";
import type { CommandContext } from "../context.ts";
import { type ArchiveFlags, release, releasesOf, withArchiveFlag } from "../release-flags.ts";

/** `kanit release-oneliner <release>`: the release in one line, its notes, the short analysis, the incident report. */
export function addReleaseOnelinerCommand(program: Command, context: CommandContext): void {
  withArchiveFlag(
    program
      .command("release-oneliner")
      .description("write the release in one line, its notes and a short analysis, from the evidence alone")
      .argument("<release>", "the release: v1.4.0", release),
  ).action((name: string, flags: ArchiveFlags) => releaseOneliner(name, flags, context));
}

async function releaseOneliner(name: string, flags: ArchiveFlags, context: CommandContext): Promise<void> {
  const { environment, output, conclude, noteVerdict } = context;
  const releases = { ...releasesOf(flags, environment), secrets: environment.secrets };
  // A release of which nothing is filed is a mistake, and no line without numbers.
  await archiveOf(releases.root, name);
  const files = await readReleaseFiles(releases.root, name, isReportSource);
  const commit = files.findLast((file) => file.commit !== null)?.commit ?? null;
  const filing = await GateFiling.open(releases, {
    ...{ release: name, gate: "oneliner", commit, target: `the evidence of ${name}` },
    command: commandLine(["release-oneliner", name]),
  });
  const report = await reportRelease({
    ...{ release: name, commit, files, filing, clock: systemClock },
    evidence: (file) => readEvidence(releases.root, name, file),
  });
  noteVerdict(report.verdict);
  output.line(report.line.text);
  for (const line of report.missing) output.line(`  missing: ${line}`);
  const folder = relative(process.cwd(), filing.folder);
  output.line(`  evidence: ${folder}: ${report.written.join(", ")}`);
  output.result({ line: report.line.text, missing: report.missing, written: report.written, folder });
  conclude(report.verdict);
}
