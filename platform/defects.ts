import { ConfigError } from "./errors.ts";

/**
 * The planted defects. Each disables one safeguard of orders, money or service, at the one place in the code
 * that checks `defects.has(name)`, so that a harness can prove that it detects it. Off unless `SPARK_DEFECTS`
 * names it.
 */
const DEFECTS = {
  "blind-retry": "an order whose outcome is unknown is sent again under a new client order id",
  "float-money": "the cost of a fill is computed with binary floating point",
  "no-resync": "a gap in an order book's updates is ignored",
  "idempotency-race": "the idempotency key is checked, then written, instead of claimed in one statement",
  "slow-leak": "every request leaks some memory",
  "rounded-quantity": "the quantity of an order is truncated to four decimals before anything else",
  "lost-event": "no event is written when an order was filled",
  "number-amounts": "positions are shown with amounts as JSON numbers",
  "deaf-kill-switch": "the kill switch is set, audited and displayed, but orders are executed nevertheless",
  "real-dry-run": "a dry run of the kill switch is not dry",
  "wide-kill-switch": "the kill switch stops the stable version too when its scope is the canary",
  "late-kill-switch": "other processes read the kill switch once a minute",
  "forgetful-kill-switch": "a process does not read what was decided on the canary before it started",
  "open-kill-switch": "orders are executed while it is not known whether they may be",
  "lossy-kill-switch": "an order that is at the venue when the kill switch is used is recorded as rejected",
  "stuck-kill-switch": "enabling is answered and audited, and the canary stays off",
  "forgetful-restore": "orders that a restored database has forgotten are not looked for at the venues",
  "held-connections": "one of a hundred transactions keeps its database connection for ever",
  "pool-leak": "a database connection is not returned when a transaction fails",
  "blocking-work": "placing an order keeps the event loop busy for as long as a heavy computation",
  "costly-request": "every request spends several milliseconds on a useless computation",
  "synchronous-wait": "placing an order waits synchronously for a slow disk, which blocks everything else",
  "forced-gc": "a large cache is kept on the heap, and each order forces a full collection of it",
  "unrounded-cost": "the fee is taken out of a fill's cost by a division that is not rounded",
  "outbox-restamp":
    "the dispatcher marks every event ever written, not only those that it has just delivered",
  "outbox-own-clock":
    "events that are older than a minute by the process's own clock are removed, delivered or not",
  "report-labels": "each directive that a browser reports becomes a label of its own",
  "slower-by-a-fifth": "each answer takes a fifth longer",
  "slower-by-half": "each answer takes half as long again",
  "one-error-in-200": "one of 200 requests fails with the status 500",
  "one-error-in-50": "one of 50 requests fails with the status 500",
  "errors-on-one-route": "every fourth request for positions fails, and no other",
  "cold-start": "the first requests after a start wait for cold caches",
  "crash-loop": "the process ends after some dozens of requests, each time that it is started",
  "frozen-feed": "Binance's messages are ignored after the first ones, with the connection open",
  "half-counted": "every second request is missing in the metrics",
  "tick-too-much": "each fill costs one unit more of the last decimal that the venue books",
  "lost-policy": "pages are sent without their Content-Security-Policy",
} as const;

export type DefectName = keyof typeof DEFECTS;

/** The defects that are switched on in this process. */
export type Defects = ReadonlySet<DefectName>;

const isDefect = (name: string): name is DefectName => Object.hasOwn(DEFECTS, name);

/**
 * Reads a comma-separated list of defect names.
 *
 * @throws ConfigError `unknown-defect` for a name that is not in the registry.
 */
export function parseDefects(text: string): Defects {
  const names = text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  const known = new Set<DefectName>();
  for (const name of names) {
    if (!isDefect(name)) {
      throw new ConfigError({
        code: "unknown-defect",
        message: `Expected SPARK_DEFECTS to name known defects, got ${JSON.stringify(name)}.`,
        nextStep: `Choose from ${Object.keys(DEFECTS).join(", ")}.`,
      });
    }
    known.add(name);
  }
  return known;
}
