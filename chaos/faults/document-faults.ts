import type { AttributeSpec } from "../proxy/toxics/attribute-spec.ts";
import type { ToxicProtocol } from "../proxy/toxics/toxic-type.ts";
import { FAULT_EXAMPLES, type FaultExample } from "./fault-examples.ts";
import { namesOf } from "./fault-kind.ts";
import type { FaultAttribute } from "./fault-statement.ts";
import { PROTOCOL_TITLES } from "./link-protocol.ts";
import { FAULT_KINDS, type Fault, type FaultKindName } from "./registry.ts";

type AnyKind = (typeof FAULT_KINDS)[Fault["kind"]];

const INTRODUCTION = `# Faults

Every kind of fault, what it takes and how it heals. This page is generated from \`chaos/faults/\` by
\`node project/generate-docs.ts\`, and a test holds it to the code; [how to add a fault](add-a-fault.md) says what a new
one consists of.

By hand, in a running lab (\`./kanit up\`), with our attribute names or the toxic's:

    ./kanit inject <link> <fault> [attribute=value ...] [--for 30s]
    ./kanit heal

In a scenario a fault is data with the same names, completed by the same schema. Faults that need *kanit's engine* are
refused with a clear error where the fault proxy is Shopify's Toxiproxy. Each fault is counted: what it really touched
(connections, bytes, and messages where it knows them) is shown with the result, and a fault that touched nothing makes
its scenario inconclusive.
`;

const GROUPS: readonly { readonly title: string; readonly holds: (kind: AnyKind) => boolean }[] = [
  { title: "Faults of the connection", holds: (kind) => protocolOf(kind) === "tcp" },
  { title: "Faults of HTTP messages", holds: (kind) => protocolOf(kind) === "http" },
  { title: "Faults of PostgreSQL messages", holds: (kind) => protocolOf(kind) === "postgres" },
  { title: "Faults of WebSocket messages", holds: (kind) => protocolOf(kind) === "websocket" },
  { title: "Faults that are not the network's", holds: (kind) => protocolOf(kind) === null },
];

/** The protocol that a fault of the network reads; null for any other fault. */
function protocolOf({ livesIn, toxic }: AnyKind): ToxicProtocol | null {
  return livesIn === "proxy" ? (toxic?.protocol ?? "tcp") : null;
}

/** Renders the page on faults in Markdown: a section for each kind, with an example that parses. */
export function documentFaults(): string {
  const kinds: readonly AnyKind[] = Object.values(FAULT_KINDS);
  const groups = GROUPS.map(({ title, holds }) => ({ title, kinds: kinds.filter(holds) }));
  const sections = groups
    .filter((group) => group.kinds.length > 0)
    .flatMap((group) => [`## ${group.title}\n`, ...group.kinds.map(sectionOf)]);
  return [INTRODUCTION, overview(kinds), ...sections].join("\n");
}

/** A valid example of this kind. */
export function exampleOf(name: FaultKindName): FaultExample {
  const kind: AnyKind = FAULT_KINDS[name];
  const pairs = kind.attributes
    .filter(({ isRequired }) => isRequired)
    .map((attribute) => `${attribute.name}=${plausible(attribute)}`);
  return FAULT_EXAMPLES[name] ?? { link: USUAL_LINKS[protocolOf(kind) ?? "tcp"], pairs };
}

function overview(kinds: readonly AnyKind[]): string {
  const rows = kinds.map(
    ({ kind, summary, needs }) => `| [\`${kind}\`](#${kind}) | ${summary} | ${ENGINES[needs]} |`,
  );
  return ["| fault | what happens | engine |", "|---|---|---|", ...rows, ""].join("\n");
}

const ENGINES: Readonly<Record<AnyKind["needs"], string>> = { toxiproxy: "any", kanit: "kanit's" };

function sectionOf(kind: AnyKind): string {
  const { link, pairs } = exampleOf(kind.kind);
  const command = ["./kanit", "inject", link, kind.kind, ...pairs].map(quoted).join(" ");
  const { toxic } = kind;
  return [
    `### ${kind.kind}\n`,
    `${capitalized(kind.summary)}.\n`,
    `- **Toxic**: ${toxic === null ? "none: it is not a toxic" : `\`${toxic.type}\` (${toxic.summary})`}`,
    `- **Acts on**: ${linkOf(kind)}`,
    `- **Engine**: ${engineOf(kind)}`,
    `- **Healing**: ${kind.healing}\n`,
    attributeTable(kind),
    kind.livesIn === "process"
      ? `It lasts only as long as its process, so that it is used by others: ${USED_BY[kind.kind]}.\n`
      : `    ${command}\n`,
  ].join("\n");
}

/** Commands that show the use of faults which end with their process. */
const USED_BY: Readonly<Partial<Record<FaultKindName, string>>> = {
  "archive-stopped": "`./kanit run wal-archive-stopped`",
  "database-restored": "`./kanit run restore-to-a-point`",
  "disk-full": "`./kanit run disk-full`",
  failover: "`./kanit run failover`",
  "foreign-statements": "`./kanit run prepared-statements`",
  "idle-transaction": "`./kanit run idle-in-transaction`",
  "lock-pile-up": "`./kanit run lock-pile-up`",
  "pool-by-session": "`./kanit run pool-mode-mismatch`",
  "sequence-exhausted": "`./kanit run sequence-exhausted`",
  "clock-step": "scenarios, on a platform whose definition says `clock: libfaketime`",
  "hold-connections": "`./kanit run pool-exhaustion`",
  "hold-lock": "`./kanit backpressure --self-test`",
  kill: "`./kanit run platform-killed`; by hand, `./kanit kill spark`",
  "order-burst": "`./kanit run idempotency-burst`",
  own: "scenarios, with `name` ([how to define one](add-a-fault.md#in-your-own-repository))",
  pause: "scenarios; by hand, `./kanit pause spark --for 5s`",
  "report-flood": "`./kanit run csp-flood`",
};

function linkOf({ protocol, livesIn, isOnLink }: AnyKind): string {
  if (livesIn === "venue") return "the links of its venue.";
  if (!isOnLink) return "no link; it takes none.";
  return protocol === "tcp" ? "any link." : `a link on which ${PROTOCOL_TITLES[protocol]} is spoken.`;
}

function engineOf({ needs, toxic }: AnyKind): string {
  if (needs === "toxiproxy") return "any that speaks Toxiproxy's API.";
  return `kanit's own${toxic === null ? "" : ` (capability \`toxic:${toxic.type}\`)`}.`;
}

function attributeTable(kind: AnyKind): string {
  if (kind.attributes.length === 0) return "It takes no attributes.\n";
  const rows = kind.attributes.map((attribute) => {
    const { spec, isRequired } = attribute;
    const names = namesOf(kind, attribute).map((name) => `\`${name}\``);
    const unit = spec.kind === "number" ? spec.unit : "";
    const standard = isRequired ? "required" : written(spec.fallback);
    return `| ${names.join(" or ")} | ${valuesOf(spec)} | ${unit} | ${standard} | ${inCell(spec.summary)} |`;
  });
  return ["| attribute | takes | unit | default | meaning |", "|---|---|---|---|---|", ...rows, ""].join(
    "\n",
  );
}

/** More words would make the cell too long; the meaning says where they are listed. */
const LISTED_WORDS = 12;

function valuesOf(spec: AttributeSpec): string {
  if (spec.kind === "choice" && spec.words.length > LISTED_WORDS) return "name";
  if (spec.kind === "choice") return spec.words.map((word) => `\`${word}\``).join(", ");
  return spec.kind === "texts" ? "headers" : spec.kind;
}

/** The link that carries a protocol. */
const USUAL_LINKS: Readonly<Record<ToxicProtocol, string>> = {
  tcp: "postgres",
  http: "binance-rest",
  postgres: "postgres",
  websocket: "binance-ws",
};

/** A plausible value for a required attribute, by its unit. */
function plausible({ spec }: FaultAttribute): string {
  if (spec.kind !== "number") return "text";
  if (spec.unit === "ms") return "500";
  return spec.unit === "bytes" ? "1000" : "1";
}

function written(fallback: unknown): string {
  if (fallback === undefined || fallback === "") return "none";
  if (typeof fallback === "object") return "none";
  return `\`${String(fallback)}\``;
}

function inCell(text: string): string {
  return text.replaceAll("|", "\\|");
}

function capitalized(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
