import { resolve } from "node:path";
import type { Command } from "commander";
import { mergeVerdicts, steadyClock, UnavailableError, UsageError } from "../../core/index.ts";
import {
  archiveUpToNow,
  type DrilledRestore,
  describeRange,
  describeTarget,
  drillLab,
  judgeObjectives,
  type Proof,
  postgresPrograms,
  proveMoment,
  proveStructure,
  readBackupRecord,
  readCoverageOf,
  readTarget,
  restoreDatabase,
  takeBackup,
  verdictOf,
} from "../../database/index.ts";
import { startWalArchive } from "../../gates/index.ts";
import { archiveBeside } from "../../lab/index.ts";
import { postgresClient } from "../../network/index.ts";
import { type LabChoice, pickLab, type ReadyLab, readyLabs, withLabChoice } from "../choose-lab.ts";
import type { CommandContext } from "../context.ts";
import { startGateLab } from "../open-target.ts";
import { nonEmpty, positiveNumber, seed, wholeNumber } from "../parse-arguments.ts";
import { readPlatform, withPlatformFlag } from "../platform-flag.ts";
import { MARK } from "../progress.ts";
import { objectivesOf } from "../recovery-objectives.ts";

const CONNECT_TIMEOUT_MS = 5_000;
const MOST_TARGETS = 1_000;
const LONGEST_LOAD_SECONDS = 3_600;
const LAST_XID = 2 ** 32 - 1;

/** `kanit database`: backups, restores to a moment, and the proof that they are what they should be. */
export function addDatabaseCommand(program: Command, context: CommandContext): void {
  const database = program
    .command("database")
    .description("back up a lab's database, restore it to a moment, and prove what was restored");
  withLabChoice(
    database
      .command("backup")
      .description("take a base backup of a running lab's database, which archives its log from then on")
      .argument("<folder>", "where to: a folder that does not exist yet", nonEmpty),
  ).action((folder: string, choice: LabChoice) => backUp(resolve(folder), choice, context));
  withLabChoice(
    database
      .command("point")
      .description("name this moment in a running lab's log, and archive the log up to it")
      .argument("<name>", "of the restore point: before-the-migration", nonEmpty),
  ).action((name: string, choice: LabChoice) => setPoint(name, choice, context));
  database
    .command("range")
    .description("say what a backup and an archive of its log can be restored to, each record checked")
    .argument("<backup>", "the folder of the backup", nonEmpty)
    .argument("<archive>", "the folder of the archived log", nonEmpty)
    .action((backup: string, archive: string) => showRange(resolve(backup), resolve(archive), context));
  database
    .command("restore")
    .description("restore a backup to a moment, in a server that nobody else reaches, and prove it")
    .argument("<backup>", "the folder of the backup", nonEmpty)
    .argument("<archive>", "the folder of the archived log", nonEmpty)
    .argument("<folder>", "where to: a folder that does not exist yet", nonEmpty)
    .option("--at <time>", "to this time in UTC: 2026-03-14T10:15:00.123456Z", nonEmpty)
    .option("--lsn <place>", "to this place in the log: 16/B374D848", nonEmpty)
    .option("--point <name>", "to a restore point that pg_create_restore_point has set", nonEmpty)
    .option("--before <xid>", "to just before this transaction", wholeNumber(1, LAST_XID))
    .action((backup: string, archive: string, folder: string, flags: TargetFlags) =>
      restore({ backup: resolve(backup), archive: resolve(archive), to: resolve(folder) }, flags, context),
    );
  withPlatformFlag(
    withLabChoice(
      database
        .command("drill")
        .description(
          "back a lab's database up under load, and restore it to moments that are drawn, each proved",
        )
        .option("--targets <n>", "how many moments", wholeNumber(1, MOST_TARGETS), 20)
        .option(
          "--load-for <seconds>",
          "for how long orders are placed",
          positiveNumber(LONGEST_LOAD_SECONDS),
          15,
        )
        .option("--seed <n>", "draws the moments", seed, 1)
        .option("--release-file <file>", "judge recovery point and time as this file allows", nonEmpty),
    ),
  ).action((flags: DrillFlags) => drill(flags, context));
}

interface TargetFlags {
  readonly at?: string;
  readonly lsn?: string;
  readonly point?: string;
  readonly before?: number;
}

/** The superuser's session with a running lab's database, which archives from then on. */
async function openDatabase(choice: LabChoice, { environment, signal }: CommandContext) {
  const lab = pickLocal(await readyLabs(environment, choice), choice);
  return await openArchiving(lab.addresses.databaseUrl, signal);
}

async function openArchiving(databaseUrl: string, signal: AbortSignal) {
  await startWalArchive(databaseUrl, signal);
  const client = postgresClient(databaseUrl, { connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

async function setPoint(name: string, choice: LabChoice, context: CommandContext): Promise<void> {
  const client = await openDatabase(choice, context);
  try {
    await client.query("SELECT pg_create_restore_point($1)", [name]);
    const archive = await archiveOf(client);
    await archiveUpToNow(client, archive, context.signal);
    context.output.result({ name, archive });
    context.output.line(`restore point ${JSON.stringify(name)} is in ${archive}`);
  } finally {
    await client.end();
  }
}

async function backUp(folder: string, choice: LabChoice, context: CommandContext): Promise<void> {
  const { output } = context;
  const client = await openDatabase(choice, context);
  try {
    const { record } = await takeBackup(client, folder, "kanit database backup");
    const archive = await archiveOf(client);
    output.result({
      folder,
      archive,
      startLsn: record.startLsn,
      stopLsn: record.stopLsn,
      stoppedAt: record.stoppedAt,
    });
    output.line(
      `${folder}: whole from ${record.stoppedAt} on (${record.stopLsn}), ${Object.keys(record.files).length} files`,
    );
    output.line(`its log is archived in ${archive}, as long as the lab runs`);
  } finally {
    await client.end();
  }
}

async function showRange(backup: string, archive: string, { output }: CommandContext): Promise<void> {
  const record = await readBackupRecord(backup);
  const coverage = await readCoverageOf(record, archive);
  const range = describeRange(record, coverage);
  output.result({
    range,
    commits: coverage.commits.length,
    restorePoints: coverage.restorePoints.map(({ name }) => name),
    end: coverage.end,
  });
  output.line(range);
  output.line(`${coverage.commits.length} commits, each record of the log checked`);
  for (const { name } of coverage.restorePoints) output.line(`restore point ${JSON.stringify(name)}`);
}

async function restore(
  places: { readonly backup: string; readonly archive: string; readonly to: string },
  { at, lsn, point, before }: TargetFlags,
  { environment, output, conclude }: CommandContext,
): Promise<void> {
  const target = readTarget({
    time: at ?? null,
    lsn: lsn ?? null,
    name: point ?? null,
    beforeXid: before ?? null,
  });
  const programs = await postgresPrograms(environment.temporaryDirectory);
  const logDirectory = `${places.to}.log`;
  const restored = await restoreDatabase({ ...places, programs, target, logDirectory, clock: steadyClock });
  await using instance = restored.instance;
  const proofs = [...(await proveMoment(restored)), ...(await proveStructure(instance))];
  const verdict = verdictOf(proofs);
  await instance.shutDown();
  output.result({ target: describeTarget(target), folder: places.to, tookMs: restored.tookMs, proofs });
  output.line(`restored to ${describeTarget(target)} in ${seconds(restored.tookMs)}: ${places.to}`);
  for (const proof of proofs) for (const line of linesOf(proof)) output.line(line);
  output.line(verdict.toUpperCase());
  conclude(verdict);
}

interface DrillFlags extends LabChoice {
  readonly platform: string;
  readonly targets: number;
  readonly loadFor: number;
  readonly seed: number;
  readonly releaseFile?: string;
}

async function drill(flags: DrillFlags, context: CommandContext): Promise<void> {
  const { environment, output, signal, conclude } = context;
  const platform = await readPlatform(flags.platform, environment);
  const allowed = await objectivesOf(flags.releaseFile ?? null, context);
  output.status("starting a lab for the drill …");
  await using lab = await startGateLab(flags, context);
  const { databaseUrl } = lab.addresses;
  const client = await openArchiving(databaseUrl, signal);
  const archive = await archiveOf(client).finally(() => client.end());
  const drilled = await drillLab({
    addresses: lab.addresses,
    platform,
    driver: await lab.driver(),
    symbol: lab.symbols[0],
    loadMs: flags.loadFor * 1_000,
    targets: flags.targets,
    seed: flags.seed,
    archive,
    temporaryDirectory: environment.temporaryDirectory,
    clock: steadyClock,
    onStep: (what) => output.status(what),
    onRestored: (each) => {
      for (const line of restoreLines(each)) output.line(line);
    },
    signal,
  });
  const isDrilled = drilled.restores.length === flags.targets;
  const slowestMs = Math.max(0, ...drilled.restores.map(({ tookMs }) => tookMs));
  const measured = { pointMs: drilled.recoveryPointMs, timeMs: isDrilled ? slowestMs : null };
  const objectives = allowed === null ? [] : judgeObjectives(measured, allowed);
  const verdict = mergeVerdicts([
    isDrilled ? "pass" : "inconclusive",
    ...drilled.restores.map((each) => each.verdict),
    ...objectives.map((each) => each.verdict),
  ]);
  output.result({ ...drilled, objectives, verdict });
  output.line(
    `${drilled.acceptedOrders} of ${drilled.orders} orders accepted; backup in ${seconds(drilled.backupTookMs)}; ` +
      `recovery time at most ${seconds(slowestMs)}; recovery point ${
        drilled.recoveryPointMs === null ? "unknown: no order was accepted" : seconds(drilled.recoveryPointMs)
      }`,
  );
  for (const { name, measuredMs, allowedMs, verdict } of objectives) {
    const got = measuredMs === null ? "not measured" : seconds(measuredMs);
    output.line(`  ${MARK[verdict]} ${name}: ${got}, at most ${seconds(allowedMs)} allowed`);
  }
  output.line(`${verdict.toUpperCase()}  ${drilled.restores.length} restores, seed ${flags.seed}`);
  conclude(verdict);
}

function restoreLines({ target, tookMs, verdict, proofs }: DrilledRestore): readonly string[] {
  const found = proofs.map(({ name, examined }) => `${examined} ${name}`).join(", ");
  const problems = proofs.flatMap((proof) => (proof.violations.length > 0 ? linesOf(proof) : []));
  return [`  ${MARK[verdict]} ${target} in ${seconds(tookMs)}: ${found}`, ...problems];
}

function linesOf({ name, examined, violations }: Proof): readonly string[] {
  const mark = MARK[violations.length > 0 ? "fail" : examined > 0 ? "pass" : "inconclusive"];
  return [
    `  ${mark} ${name}: ${examined} examined, ${violations.length} wrong`,
    ...violations.map((each) => `      ${each}`),
  ];
}

/** The folder of a lab's archive: {@link startWalArchive} keeps it beside the data. */
async function archiveOf(client: ReturnType<typeof postgresClient>): Promise<string> {
  const { rows } = await client.query<{ readonly data: string }>(
    "SELECT current_setting('data_directory') AS data",
  );
  const [row] = rows;
  if (row === undefined) {
    throw new UnavailableError({
      code: "no-data-directory",
      message: "Expected the server to say where its data are.",
      nextStep: "Connect as a superuser.",
    });
  }
  return archiveBeside(row.data);
}

/** Backups are copies of files, which only a lab of this machine has within reach. */
function pickLocal(labs: readonly ReadyLab[], choice: LabChoice): ReadyLab {
  const lab = pickLab(labs, choice);
  if (lab.runtime === "local") return lab;
  throw new UsageError({
    code: "not-local",
    message: `Expected a local lab, but ${lab.id} runs in containers.`,
    nextStep: "Start one with `kanit up`.",
  });
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
