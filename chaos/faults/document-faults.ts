import { z } from "zod";
import { TOXIC_TYPES } from "../proxy/toxics/registry.ts";
import { FAULT_EXAMPLES, type FaultExample } from "./fault-examples.ts";
import type { FaultAttribute } from "./fault-kind.ts";
import { FAULT_KINDS, type Fault, type FaultKindName } from "./registry.ts";

type AnyKind = (typeof FAULT_KINDS)[Fault["kind"]];

/** What the schema of a kind says of an attribute. */
const fieldSchema = z.object({ default: z.unknown().optional(), enum: z.array(z.string()).optional() });
const kindSchema = z.object({ properties: z.record(z.string(), fieldSchema), required: z.array(z.string()) });

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
  { title: "Faults of the connection", holds: ({ kind }) => !/^(?:http|pg|ws|venue|hold)-/.test(kind) },
  { title: "Faults of HTTP messages", holds: ({ kind }) => kind.startsWith("http-") },
  { title: "Faults of PostgreSQL messages", holds: ({ kind }) => kind.startsWith("pg-") },
  { title: "Faults of WebSocket messages", holds: ({ kind }) => kind.startsWith("ws-") },
  { title: "Faults that are not the network's", holds: ({ kind }) => /^(?:venue|hold)-/.test(kind) },
];

/** The page on faults, in Markdown: a section for each kind, with an example that parses. */
export function documentFaults(): string {
  const kinds: readonly AnyKind[] = Object.values(FAULT_KINDS);
  const groups = GROUPS.map(({ title, holds }) => ({ title, kinds: kinds.filter(holds) }));
  const sections = groups
    .filter((group) => group.kinds.length > 0)
    .flatMap((group) => [`## ${group.title}\n`, ...group.kinds.map(sectionOf)]);
  return [INTRODUCTION, overview(kinds), ...sections].join("\n");
}

/** A use of this kind that parses. */
export function exampleOf(name: FaultKindName): FaultExample {
  const kind: AnyKind = FAULT_KINDS[name];
  const { required } = readSchema(kind);
  const pairs = kind.attributes
    .filter((attribute) => required.includes(attribute.name))
    .map((attribute) => `${attribute.name}=${plausible(attribute)}`);
  return FAULT_EXAMPLES[name] ?? { link: usualLink(name), pairs };
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
  const toxic = kind.toxicType === undefined ? "none: it is not a toxic" : `\`${kind.toxicType}\``;
  return [
    `### ${kind.kind}\n`,
    `${capitalised(kind.summary)}.\n`,
    `- **Toxic**: ${toxic}${toxicSummary(kind)}`,
    `- **Engine**: ${engineOf(kind)}`,
    `- **Healing**: ${kind.healing}\n`,
    attributeTable(kind),
    kind.kind.startsWith("hold-")
      ? `It lasts only as long as its process, so that it is used by others: ${USED_BY[kind.kind]}.\n`
      : `    ${command}\n`,
  ].join("\n");
}

/** The commands that make use of faults which end with their process. */
const USED_BY: Readonly<Partial<Record<FaultKindName, string>>> = {
  "hold-connections": "`./kanit run pool-exhaustion`",
  "hold-lock": "`./kanit backpressure --self-test`",
};

function toxicSummary({ toxicType }: AnyKind): string {
  const type = TOXIC_TYPES.get(toxicType ?? "");
  return type === undefined ? "" : ` (${type.summary})`;
}

function engineOf({ needs, toxicType }: AnyKind): string {
  if (needs === "toxiproxy") return "any that speaks Toxiproxy's API.";
  return `kanit's own${toxicType === undefined ? "" : ` (capability \`toxic:${toxicType}\`)`}.`;
}

function attributeTable(kind: AnyKind): string {
  const { properties, required } = readSchema(kind);
  const common: readonly FaultAttribute[] = [
    { name: "stream", takes: "text", summary: "the direction it works on: from the server, or to it" },
    { name: "toxicity", takes: "number", summary: "share of connections that it takes" },
  ];
  const attributes = [...kind.attributes, ...common.filter(({ name }) => name in properties)];
  if (attributes.length === 0) return "It takes no attributes.\n";
  const rows = attributes.map((attribute) => {
    const { name, toxicName = name, takes, summary } = attribute;
    const { default: fallback, enum: words } = properties[name] ?? {};
    const names = toxicName === name ? `\`${name}\`` : `\`${name}\` or \`${toxicName}\``;
    const values = words === undefined ? takes : words.map((word) => `\`${word}\``).join(", ");
    const standard = required.includes(name) ? "required" : written(fallback);
    return `| ${names} | ${values} | ${unitOf(kind, attribute)} | ${standard} | ${inCell(summary)} |`;
  });
  return ["| attribute | takes | unit | default | meaning |", "|---|---|---|---|---|", ...rows, ""].join(
    "\n",
  );
}

const UNITS: readonly (readonly [suffix: RegExp, unit: string])[] = [
  [/Ms$/, "ms"],
  [/Us$/, "µs"],
  [/KBps$/, "KB/s"],
  [/Bytes$/, "bytes"],
  [/^(?:toxicity|share)$/, "share, 0 to 1"],
];

/** The unit that the name says, or else the toxic. */
function unitOf(kind: AnyKind, { name, toxicName = name, takes }: FaultAttribute): string {
  if (takes !== "number") return "";
  const byName = UNITS.find(([suffix]) => suffix.test(name));
  if (byName !== undefined) return byName[1];
  const spec = TOXIC_TYPES.get(kind.toxicType ?? "")?.attributes[toxicName];
  return spec?.kind === "number" ? spec.unit : "count";
}

function readSchema(kind: AnyKind): z.infer<typeof kindSchema> {
  return kindSchema.parse(z.toJSONSchema(kind.schema, { io: "input" }));
}

/** The link on which a kind is most at home. */
function usualLink(name: FaultKindName): string {
  if (name.startsWith("http-")) return "binance-rest";
  return name.startsWith("ws-") ? "binance-ws" : "postgres";
}

/** A value for an attribute that has to be given: what its unit makes likely. */
function plausible({ name, takes }: FaultAttribute): string {
  if (takes !== "number") return takes === "headers" ? "Retry-After: 5" : "text";
  if (name.endsWith("Ms")) return "500";
  return name.endsWith("Bytes") ? "1000" : "1";
}

function written(fallback: unknown): string {
  if (fallback === undefined || fallback === "") return "none";
  if (typeof fallback === "object") return "none";
  return `\`${String(fallback)}\``;
}

function inCell(text: string): string {
  return text.replaceAll("|", "\\|");
}

function capitalised(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
