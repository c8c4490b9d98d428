import { type CallCell, CLIENT_DAYS, type ClientDay, DAY_CALLS } from "./client-calls.ts";
import { type BinanceClientName, typedErrorOf } from "./typed-errors.ts";
import { BTCTURK_REFUSALS, VENUE_REFUSALS } from "./venue-refusals.ts";

const HEAD = `# Real clients against the stubs

The judges of the exchange stubs are clients that know nothing of them: published packages, pinned in \`package.json\`,
with nothing changed but their addresses. Each cell below is a test in \`exchanges/clients/\`, which calls that method
of that client and looks at what comes back. A cell without a test, or a test without a cell, does not compile.

    vitest run --project unit exchanges/clients

This page is written from the tables that those tests run, by \`node project/generate-docs.ts\`.
`;

const PYTHON_CLIENTS = `
In Python, \`python-binance\`, \`binance-sdk-spot\` and \`ccxt\` spend an ordinary day there too, over REST: \`exchanges/testing/python-clients/\`
installs them (\`install.sh\`), \`day.py\` is their day, and \`vitest run --project scenarios exchanges/testing\` judges it.`;

/**
 * The page of all clients, \`docs/clients.md\`: a table of calls by client, and one of refusals by client.
 */
export function documentClients(): string {
  const days: [string, ClientDay][] = Object.entries(CLIENT_DAYS);
  return [
    HEAD,
    "## How each is pointed at a stub\n",
    table(
      ["client", "venue", "configuration"],
      days.map(([, day]) => [`\`${day.package}\``, day.venue, day.pointedBy]),
    ),
    PYTHON_CLIENTS,
    "\n## What each does on an ordinary day\n",
    table(
      ["call", ...days.map(([, day]) => titleOf(day))],
      DAY_CALLS.map((call) => [call, ...days.map(([, { calls }]) => cellOf(calls[call]))]),
    ),
    `\n${notes(days)}`,
    "\n## What each makes of Binance's refusals\n",
    refusals(days),
    "\n## What ccxt makes of BTCTurk's refusals\n",
    table(
      ["provoked by", "the venue's message", "`ccxt`"],
      Object.entries(BTCTURK_REFUSALS).map(([name, { error, message }]) => [
        name,
        `\`${message}\``,
        `\`${error}\``,
      ]),
    ),
    "",
  ].join("\n");
}

function refusals(days: readonly (readonly [string, ClientDay])[]): string {
  const clients = days.filter(([, { venue }]) => venue === "Binance Spot");
  return table(
    ["provoked by", "HTTP", "code", ...clients.map(([, day]) => `\`${day.package}\``)],
    VENUE_REFUSALS.map((refusal) => [
      refusal.name,
      String(refusal.status),
      String(refusal.code),
      ...clients.map(([name]) => `\`${typedErrorOf(name as BinanceClientName, refusal).name}\``),
    ]),
  );
}

function notes(days: readonly (readonly [string, ClientDay])[]): string {
  const lines = days.flatMap(([, day]) => {
    const callsByReason = Map.groupBy(DAY_CALLS, (call) => {
      const cell: CallCell = day.calls[call];
      return typeof cell === "string" ? "" : cell.lacks;
    });
    callsByReason.delete("");
    return [...callsByReason].map(
      ([reason, calls]) => `- ${titleOf(day)} does not ${calls.join(", ")}: ${reason}.`,
    );
  });
  return lines.join("\n");
}

function titleOf({ package: name, venue }: ClientDay): string {
  return venue === "BTCTurk" ? `\`${name}\` (BTCTurk)` : `\`${name}\``;
}

function cellOf(cell: CallCell): string {
  return typeof cell === "string" ? `✓ \`${cell}\`` : "–";
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
