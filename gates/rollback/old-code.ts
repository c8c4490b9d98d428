import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { SecretRegistry } from "../../core/index.ts";
import type { PlatformDefinition } from "../../definition/index.ts";
import { type Lab, labTemporaryDirectory, startLocalLab } from "../../lab/index.ts";
import { pathOn, requestHttp } from "../../network/index.ts";
import { defineCheck, type ProbeContext } from "../engine/check.ts";
import { queryRows } from "../engine/sql.ts";
import { sendOrders, settledOrders } from "../red-team/lab-orders.ts";
import { contractingMigration } from "./contracting-migration.ts";

const ORDERS = 5;
const QUANTITY = "0.00100";
/** Whose orders are spoken here. */
const SPOKEN = "spark";
const EXECUTED = 201;

/** What the version before did on the new schema. */
interface OldCodeRun {
  readonly health: number;
  /** Null where its orders are not spoken here. */
  readonly orders: { readonly statuses: readonly number[]; readonly filled: number } | null;
}

/** Does the version before work on the schema of the new one? */
export const oldCodeOnNewSchema = defineCheck({
  id: "old-code-on-new-schema",
  title: "Old code, new schema",
  question:
    "Does the previous version start and execute orders on a database with the migrations of the new one?",
  risk: "The way back leads to a version that no longer fits its database, and readiness never comes.",
  command: "kanit rollback <release> --dry-run --previous ../before/platform/platform.yml",
  passes: `the previous version answers its health check after each new migration was applied, and fills ${ORDERS} of ${ORDERS} orders`,
  fix: "Split the migration: add now, and remove with the release after the next one.",
  evidence: ["rollback_schema_{release}.txt"],
  deadlineMs: 80_000,
  maxAgeMs: 300_000,
  needs: ["migrations", "previousPlatform"],
  mutant: contractingMigration,
  observe: async ({ migrations, previousPlatform }, context) => {
    const asOfMs = context.clock.nowMs();
    const added = await addedMigrations(migrations, previousPlatform.migrations);
    await using lab = await startOldCode(previousPlatform, context.signal);
    for (const { name, script } of added) {
      await queryRows(lab.addresses.databaseUrl, [`SET ROLE spark; ${script}`], context.signal).catch(
        (error: unknown) => {
          throw new Error(`the migration ${name} failed: ${error instanceof Error ? error.message : error}`);
        },
      );
    }
    await lab.powers.killing?.kill(previousPlatform.name, 0);
    const run = await useOldCode(lab, previousPlatform, context);
    const names = added.map(({ name }) => name);
    return {
      expected: ["health", ...(run.orders === null ? [] : ["orders"])],
      examined: ["health", ...(run.orders === null ? [] : ["orders"])],
      acts: [],
      asOfMs,
      violations: violationsOf(run),
      unclear: [],
      summary:
        names.length === 0
          ? "no migration beyond those of the previous version; it works on them"
          : `${names.length} new migrations, health ${run.health}, ${run.orders?.filled ?? "no"} orders filled`,
      texts: [textOf(previousPlatform, names, run)],
    };
  },
});

async function addedMigrations(ours: string, theirs: string) {
  const before = new Set(await foldersIn(theirs));
  const added = (await foldersIn(ours)).filter((name) => !before.has(name));
  return Promise.all(
    added.map(async (name) => ({ name, script: await readFile(join(ours, name, "migration.sql"), "utf8") })),
  );
}

async function foldersIn(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** A lab of its own, since the migrations stay in its database. */
function startOldCode(platform: PlatformDefinition, signal: AbortSignal): Promise<Lab> {
  return startLocalLab({
    platform,
    ...{ market: { kind: "synthetic" }, tapeSpeed: 1, seed: 1, linkPorts: {}, platformEnvironment: {} },
    ...{ canary: null, stepsClock: false, logDirectory: null, signal },
    secrets: new SecretRegistry(),
    temporaryDirectory: labTemporaryDirectory({}),
  });
}

async function useOldCode(
  { addresses }: Lab,
  { name, health }: PlatformDefinition,
  context: ProbeContext,
): Promise<OldCodeRun> {
  const { signal } = context;
  const answer = await requestHttp(pathOn(new URL(addresses.platform), health), { signal });
  if (name !== SPOKEN) return { health: answer.status, orders: null };
  const account = "rollback-old-code";
  const orders = Array.from({ length: ORDERS }, (_, index) => ({
    ...{ account, key: `${account}-${index}`, quantity: QUANTITY },
  }));
  const statuses = await sendOrders(addresses, orders, context);
  const accepted = statuses.some((status) => status === EXECUTED);
  const stored = accepted ? await settledOrders(addresses, account, context) : [];
  const filled = stored.filter((row) => row.status === "FILLED").length;
  return { health: answer.status, orders: { statuses, filled } };
}

function violationsOf({ health, orders }: OldCodeRun): readonly string[] {
  return [
    ...(health >= 200 && health < 300 ? [] : [`its health check answers with status ${health}`]),
    ...(orders === null || orders.filled === ORDERS
      ? []
      : [`${orders.filled} of ${ORDERS} orders were filled, the answers were ${orders.statuses.join(", ")}`]),
  ];
}

function textOf(
  platform: PlatformDefinition,
  added: readonly string[],
  { health, orders }: OldCodeRun,
): string {
  const lines = [
    `previous version  ${platform.name} in ${platform.directory}`,
    `new migrations    ${added.length === 0 ? "none" : added.join(", ")}`,
    `health            ${health}`,
    `orders            ${orders === null ? "not sent: how it takes them is not known here" : `${orders.filled} of ${ORDERS} filled`}`,
  ];
  return `${lines.join("\n")}\n`;
}
