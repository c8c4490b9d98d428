import { isDeepStrictEqual } from "node:util";
import { DIALOGUES } from "./api/dialogues.ts";
import type { Exchange } from "./api/exchange.ts";
import type { Observation } from "./improvements/improvement.ts";
import { IMPROVEMENTS } from "./improvements/improvements.ts";

/** The document's path in the project. */
export const DIFFERENCES_PATH = "docs/toxiproxy-differences.md";
/** The command that generates the document. */
export const WRITE_COMMAND = "node chaos/conformance/main.ts --write";

/** The observed behavior of both engines for each improvement, in order. */
export interface Observed {
  readonly kanit: readonly Observation[];
  readonly toxiproxy: readonly Observation[];
}

/** The exchanges in which kanit's proxy answers differently from Toxiproxy, on purpose. */
const DEVIATIONS: readonly (Exchange & Required<Pick<Exchange, "ours">>)[] = DIALOGUES.flatMap(
  ({ exchanges }) =>
    exchanges.flatMap((exchange) => {
      const { ours } = exchange;
      return ours === undefined ? [] : [{ ...exchange, ours }];
    }),
);

/** Renders the document of the observed differences between the engines. */
export function renderDifferences(observed: Observed): string {
  return [
    "# How the fault proxy differs from Toxiproxy",
    "",
    "kanit's fault proxy speaks the API of [Toxiproxy](https://github.com/Shopify/toxiproxy) 2.12.0 and has its toxics.",
    "One suite, `chaos/conformance`, runs on both: on ours, and on Shopify's server built from",
    "`github.com/Shopify/toxiproxy/v2@v2.12.0`. What both do alike is in the suite. This page has what they do not.",
    `It is written by \`${WRITE_COMMAND}\`, and a test proves it current wherever Go can build the real server.`,
    "",
    "## Better on purpose",
    "",
    "Each row was tried on both; the last two columns are what was seen.",
    "",
    ...table(
      ["What ours does", "Toxiproxy 2.12.0", "Seen there", "Seen on ours"],
      IMPROVEMENTS.map(({ statement }, index) => [
        statement,
        observed.toxiproxy[index]?.holds === true ? "does it too" : "does not",
        observed.toxiproxy[index]?.seen ?? "",
        observed.kanit[index]?.seen ?? "",
      ]),
    ),
    "",
    "## Other answers of the control API",
    "",
    "Every other request of the suite is answered alike, field by field. Of two answers of one status only what differs",
    "is shown; `…` stands for words that are not compared.",
    "",
    ...table(
      ["Request", "Toxiproxy 2.12.0", "Ours", "Why"],
      DEVIATIONS.map((exchange) => [
        request(exchange),
        answer(exchange.reply, exchange.ours.reply),
        answer(exchange.ours.reply, exchange.reply),
        exchange.ours.why,
      ]),
    ),
    "",
    "## Only ours",
    "",
    "- `GET /kanit/capabilities` says what else this engine can do, `GET /kanit/bites` what each toxic really touched.",
    "- `/leases` opens, renews and releases leases; a change made under one (`Kanit-Lease: <id>`) is undone when it lapses.",
    "- `/metrics` is always there; Toxiproxy has it only when it is started with `-proxy-metrics`.",
    "",
  ].join("\n");
}

function request({ method, path, body }: Exchange): string {
  return code(`${method} ${decodeURI(path)}${body === undefined ? "" : ` ${body}`}`.trim());
}

/** The answer: of an error its message, of any other answer the part that differs from the other engine's. */
function answer({ status, body }: Exchange["reply"], other: Exchange["reply"]): string {
  const said = stated(body);
  if (status >= 400) {
    const { error = said, proxies } = typeof said === "object" ? (said as Record<string, unknown>) : {};
    const made = proxies === undefined ? "" : `, ${code(`"proxies": ${JSON.stringify(proxies)}`)}`;
    return `${status} ${code(String(error).trim())}${made}`;
  }
  if (status !== other.status) return String(status);
  return `${status} ${code(JSON.stringify(unlike(said, stated(other.body))))}`;
}

/** The parts of the value that differ from the other. */
function unlike(value: unknown, other: unknown): unknown {
  if (Array.isArray(value) && Array.isArray(other) && value.length === other.length) {
    return value.map((item, index) => unlike(item, other[index]));
  }
  if (!isObject(value) || !isObject(other)) return value;
  const fields = Object.entries(value).filter(([key, inner]) => !isDeepStrictEqual(inner, other[key]));
  return Object.fromEntries(fields.map(([key, inner]) => [key, unlike(inner, other[key])]));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The body with each regular expression written as readable text. */
function stated(value: unknown): unknown {
  if (value instanceof RegExp) return `…${value.source.replace(/[\\^]/g, "")}…`;
  if (Array.isArray(value)) return value.map(stated);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, stated(inner)]));
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)];
}

function code(text: string): string {
  return `\`${text}\``;
}
