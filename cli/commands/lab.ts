import { dirname, join } from "node:path";
import type { Command } from "commander";
import {
  checkFaultLink,
  FAULT_KINDS,
  type Fault,
  FaultProxyClient,
  injectFault,
  parseFault,
} from "../../chaos/index.ts";
import {
  formatDuration,
  parseDurationMs,
  systemClock,
  UnavailableError,
  UsageError,
} from "../../core/index.ts";
import { SPARK_DEFINITION } from "../../definition/index.ts";
import {
  faultContextOf,
  LINK_NAMES,
  LINK_PROTOCOLS,
  listLabs,
  openStateDirectory,
  startLab,
  stopLab,
  sweepDeadLabs,
  sweepDockerLabs,
} from "../../lab/index.ts";
import { withoutCredentials } from "../../network/index.ts";
import { type CanaryFlags, completeCanaryFlags, withCanaryFlags } from "../canary-flags.ts";
import { canaryLines } from "../canary-view.ts";
import { type LabChoice, ofRuntime, pickLab, readyLabs, withLabChoice } from "../choose-lab.ts";
import type { CommandContext } from "../context.ts";
import type { Environment } from "../environment.ts";
import { accessPath, shownAddresses } from "../lab-addresses.ts";
import { completeLabFlags, type LabFlags, withLabFlags } from "../lab-flags.ts";
import { addHealCommand, INJECT_OWNER } from "./heal.ts";
import { addPowerCommands } from "./powers.ts";
import { addStatusCommand } from "./status.ts";
import { addTrafficCommand } from "./traffic.ts";

/** `kanit up`, `status`, `inject`, `pause`, `kill`, `heal` and `down`: a lab that is controlled by hand. */
export function addLabCommands(program: Command, context: CommandContext): void {
  withCanaryFlags(
    withLabFlags(program.command("up").description("start a lab and keep it running until Ctrl-C")),
  ).action((flags: UpFlags) => up(flags, context));
  addStatusCommand(program, context);
  withLabChoice(
    program
      .command("inject")
      .description("inject a fault, or change it: kanit inject postgres latency latency=300 jitter=20")
      .argument("<link>", LINK_NAMES.join(", "))
      .argument("<toxic>", Object.keys(FAULT_KINDS).join(", "))
      .argument("[attributes...]", "key=value")
      .option("--for <duration>", "remove it after this time: 30s, 5m (default: it stays)", readLasting),
  ).action((link: string, toxic: string, attributes: readonly string[], flags: InjectFlags) =>
    inject(link, toxic, attributes, flags, context),
  );
  addPowerCommands(program, context);
  addHealCommand(program, context);
  addTrafficCommand(program, context);
  withLabChoice(
    program.command("down").description("stop a lab, and remove what dead labs left behind"),
  ).action((choice: LabChoice) => down(choice, context));
}

const SHORTEST_FAULT_MS = 100;
const LONGEST_FAULT_MS = 86_400_000;

interface InjectFlags extends LabChoice {
  /** How long the fault stays. Absent: until it is healed. */
  readonly for?: number;
}

type UpFlags = LabFlags & CanaryFlags;

async function up(flags: UpFlags, { environment, output, signal }: CommandContext): Promise<void> {
  const options = await completeLabFlags(flags, environment);
  const stamp = new Date(systemClock.nowMs()).toISOString().slice(0, 19).replaceAll(/[-:]/g, "");
  const logDirectory = join(options.outDirectory, "labs", `${stamp}Z-${process.pid}`);
  const startMs = systemClock.monotonicMs();
  await using lab = await startLab(options.runtime, {
    ...options,
    canary: await completeCanaryFlags(flags, options.platform, environment),
    logDirectory,
    temporaryDirectory: environment.temporaryDirectory,
    signal,
  });
  const { addresses } = lab;
  const access = await accessPath(lab, environment);
  output.line(`lab ${lab.id} ready in ${Math.round(systemClock.monotonicMs() - startMs)} ms`);
  output.line(`  platform    ${addresses.api}`);
  // Only Spark has this page.
  const isSpark = options.platform.directory === dirname(SPARK_DEFINITION);
  if (isSpark) output.line(`  dashboard   ${addresses.api}/dashboard`);
  output.line(`  metrics     ${addresses.metrics}`);
  output.line(
    `  proxy API   ${withoutCredentials(addresses.proxyControl)}   (Toxiproxy's, for its own clients)`,
  );
  output.line(`  venues API  ${withoutCredentials(addresses.venueControl)}`);
  output.line(`  database    ${withoutCredentials(addresses.databaseUrl)}`);
  output.line(`  access      ${access}   (their tokens and passwords, for you only)`);
  for (const [name, address] of Object.entries(addresses.links))
    output.line(`  link ${name.padEnd(13)} ${address}`);
  if (lab.canary !== null) for (const line of await canaryLines(lab.canary, signal)) output.line(line);
  output.line(`  logs        ${logDirectory}`);
  output.line("Ctrl-C stops it.");
  const shown = shownAddresses(addresses);
  output.result({
    ...{ lab: lab.id, runtime: lab.runtime, addresses: shown, canary: lab.canary, access, logDirectory },
  });
  output.answerNow();
  const died = await new Promise<string | null>((resolve) => {
    signal.addEventListener("abort", () => resolve(null), { once: true });
    lab.onDeath((death) =>
      resolve(`${death.process} ended with ${death.ending}: ${death.lastLines.at(-1) ?? ""}`),
    );
    if (signal.aborted) resolve(null);
  });
  if (died !== null) output.line(`${died}\nStopping the lab; its logs are in ${logDirectory}`);
}

async function inject(
  link: string,
  toxic: string,
  attributes: readonly string[],
  flags: InjectFlags,
  { environment, output }: CommandContext,
): Promise<void> {
  const fault = parseFault(link, toxic, attributes);
  const { for: durationMs } = flags;
  const { livesIn } = FAULT_KINDS[fault.kind];
  if (livesIn === "process") {
    throw new UsageError({
      code: "fault-needs-a-run",
      message: `Expected a fault that lives in the proxy, got ${fault.kind}, which lasts only as long as its command.`,
      nextStep: "Use it in a scenario, such as `kanit run pool-exhaustion`.",
    });
  }
  if (durationMs !== undefined && livesIn === "venue") {
    throw new UsageError({
      code: "fault-without-time",
      message:
        "Expected a fault of the fault proxy with --for, got a misbehavior, which the venue itself applies.",
      nextStep: "Omit --for, or give the misbehavior its own end: kanit venue --help.",
    });
  }
  if (!LINK_NAMES.some((name) => name === link)) throw unknownLink(link, LINK_NAMES);
  const lab = pickLab(await readyLabs(environment, flags), flags);
  const links = Object.keys(lab.addresses.links);
  if (!links.includes(link)) throw unknownLink(link, links);
  checkFaultLink(fault, LINK_PROTOCOLS);
  const client = await FaultProxyClient.connect(lab.addresses.proxyControl);
  const proxy =
    durationMs === undefined
      ? client
      : await client.forLimitedTime(`${INJECT_OWNER}, process ${process.pid}`, durationMs);
  const isUpdate = await healSame(fault, client);
  const active = await injectFault(fault, faultContextOf({ ...lab, powers: null }, proxy));
  const time = durationMs === undefined ? "" : ` for ${formatDuration(durationMs)}`;
  output.result({ lab: lab.id, fault: active.label, forMs: durationMs ?? null, isUpdate });
  const instead = isUpdate ? ", in place of the one that was there" : "";
  output.line(`${active.label} in lab ${lab.id}${time}${instead}. \`kanit heal\` removes it.`);
}

/** Heals a fault of the same kind, link and direction, so that injecting it again changes it. */
async function healSame(fault: Fault, proxy: FaultProxyClient): Promise<boolean> {
  const { toxic, kind } = FAULT_KINDS[fault.kind];
  const link = (await proxy.links()).get(fault.link);
  if (link === undefined) return false;
  if (kind === "down" && !link.enabled) {
    await proxy.setEnabled(link.name, true);
    return true;
  }
  const stream = "stream" in fault ? fault.stream : null;
  const same = link.toxics.find(
    (other) => other.type === toxic?.type && (stream === null || other.stream === stream),
  );
  if (same === undefined) return false;
  await proxy.removeToxic(link.name, same.name);
  return true;
}

/** The fault proxy accepts leases within these bounds. */
function readLasting(text: string): number {
  const durationMs = parseDurationMs(text);
  if (durationMs >= SHORTEST_FAULT_MS && durationMs <= LONGEST_FAULT_MS) return durationMs;
  throw new UsageError({
    code: "bad-duration",
    message: `Expected --for to be from 100ms to 24h, got ${JSON.stringify(text)}.`,
    nextStep: "Omit --for for a fault that stays until `kanit heal`.",
  });
}

async function down(choice: LabChoice, { environment, output }: CommandContext): Promise<void> {
  const state = await openStateDirectory(environment.temporaryDirectory);
  const labs = ofRuntime(await listLabs(state.labs), choice);
  if (labs.length > 0 || choice.lab !== undefined) {
    const lab = pickLab(labs, choice);
    await stopLab(lab, systemClock);
    output.result({ lab: lab.id });
    output.line(`lab ${lab.id} is down.`);
  }
  const swept = await sweepDeadLabs(state.labs, systemClock.nowMs());
  if (swept > 0) output.line(`removed what ${swept} dead lab${swept === 1 ? "" : "s"} left.`);
  const sweptContainers = await sweepContainers(choice, environment);
  if (sweptContainers > 0) {
    output.line(`removed the containers of ${sweptContainers} dead lab${sweptContainers === 1 ? "" : "s"}.`);
  }
  output.result({ sweptLabs: swept, sweptContainerLabs: sweptContainers });
  if (labs.length === 0 && swept + sweptContainers === 0) output.line("No lab is running.");
}

/**
 * Without Docker there are no labs in containers; this is an error only when the user named a container
 * runtime.
 */
async function sweepContainers({ runtime }: LabChoice, { docker }: Environment): Promise<number> {
  if (runtime === "local") return 0;
  try {
    return await sweepDockerLabs(docker.variables);
  } catch (error) {
    if (runtime === undefined && error instanceof UnavailableError) return 0;
    throw error;
  }
}

function unknownLink(link: string, known: readonly string[]): UsageError {
  return new UsageError({
    code: "unknown-link",
    message: `Expected the name of a link, got ${JSON.stringify(link)}.`,
    nextStep: `Known are ${known.join(", ")}.`,
  });
}
