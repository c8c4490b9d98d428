import { randomUUID } from "node:crypto";
import { askOnce, openApi, type PlacedOrder, requestClient } from "../../api/index.ts";
import { type Clock, KanitError } from "../../core/index.ts";
import type { PlatformDefinition } from "../../definition/index.ts";
import type { Lab } from "../../lab/index.ts";
import type { RuleGroup } from "../../signals/index.ts";
import { tradingAmong } from "../../venues/index.ts";
import { readLedger } from "../observation/ledger.ts";
import { checkLedger } from "./check-ledger.ts";
import { checkMetrics } from "./check-metrics.ts";
import { checkOrders, orderAt, RESTING } from "./check-orders.ts";
import { checkQuote, checkQuoteStream } from "./check-quotes.ts";
import { checkRefusals } from "./check-refusals.ts";
import { type CheckedPlatform, SOON_MS, soon } from "./checked-platform.ts";
import { answerInWords, broken, notApplicable, type PlatformFinding, works } from "./platform-finding.ts";

/** What a check of a platform needs. */
export interface PlatformCheckOptions {
  readonly lab: Lab;
  readonly platform: PlatformDefinition;
  readonly rules: readonly RuleGroup[];
  readonly seed: number;
  readonly clock: Clock;
  readonly listener: (finding: PlatformFinding) => void;
  readonly signal: AbortSignal;
}

const REQUEST_TIMEOUT_MS = 10_000;

/**
 * Goes through everything that a definition says of its platform, which runs and answers its health path, and reports
 * for each whether it works. What the platform does not have is reported as not applicable.
 */
export async function checkPlatform(options: PlatformCheckOptions): Promise<void> {
  const { lab, platform, rules, listener, clock, signal } = options;
  const report = (findings: readonly PlatformFinding[]) => {
    for (const finding of findings) listener(finding);
  };
  const opened = await openApiOf(options).catch((error: unknown) => error);
  if (opened instanceof KanitError) {
    report([broken(["api", "driver"], opened.message, opened.nextStep)]);
    return;
  }
  if (opened instanceof Error) throw opened;
  await using api = opened as Awaited<ReturnType<typeof openApi>>;
  const checked: CheckedPlatform = { lab, platform, api, clock, signal };
  if (platform.api.driver !== null)
    report([works(["api", "driver"], `started; it can ${[...api.questions].join(", ")}`)]);
  const trading = tradingAmong(platform.venues);
  for (const venue of trading) report([await checkQuote(checked, venue)]);
  report(await checkQuoteStream(checked));
  const placed: PlacedOrder[] = [];
  for (const venue of trading) {
    const orders = await checkOrders(checked, venue);
    report(orders.findings);
    placed.push(...orders.placed);
  }
  const [venue] = trading;
  if (venue !== undefined && placed.length > 0)
    report(await checkRefusals(checked, await orderAt(lab, venue, "bid", RESTING)));
  report(await checkLedger(checked, placed));
  report(await checkMetrics(checked, rules));
  report([await checkReset(checked, options.seed, placed)]);
}

/** Opens the platform's API where it is now: a restart gives it another port. */
async function openApiOf({ lab, platform }: Pick<CheckedPlatform, "lab" | "platform">) {
  return openApi(platform.api, {
    client: requestClient(lab.addresses.platform, REQUEST_TIMEOUT_MS),
    driver: await lab.driver(),
    timeoutMs: REQUEST_TIMEOUT_MS,
  });
}

/** Whether the platform begins anew: with the next database, and with nothing of the one before. */
async function checkReset(
  checked: CheckedPlatform,
  seed: number,
  placed: readonly PlacedOrder[],
): Promise<PlatformFinding> {
  const part = ["reset"];
  const [first] = placed;
  if (first === undefined) return notApplicable(part, "reset: no order was placed");
  const { lab, platform, signal } = checked;
  try {
    await lab.reset(seed);
  } catch (error) {
    signal.throwIfAborted();
    const why = error instanceof Error ? error.message : String(error);
    return broken(part, why, "answer the reset with 2xx and be healthy again, or write reset: restart");
  }
  await using api = await openApiOf(checked);
  const { venue } = first.order;
  let last = "";
  // Its market data have to come again first.
  const id = await soon(checked, SOON_MS, async () => {
    const order = await orderAt(lab, venue, "bid", RESTING);
    const answer = await askOnce(api, { kind: "place", order, key: randomUUID(), account: null });
    last = answerInWords(answer);
    return answer.outcome === "succeeded" ? String(answer.said.id) : null;
  });
  if (id === null)
    return broken(part, `an order after a reset came to ${last}`, "open new connections at a reset");
  const books = await readLedger(lab.addresses.databaseUrl, platform.ledger).catch(() => null);
  if (books === null)
    return notApplicable(part, "reset: without its books nobody can see what is in the database");
  const { orders } = books;
  const isNew = orders.some(({ order_id }) => order_id === id);
  return isNew
    ? works(part, "begins anew, with the next database")
    : broken(
        part,
        "an order after a reset is not in the new database",
        "open new connections at a reset, or write reset: restart",
      );
}
