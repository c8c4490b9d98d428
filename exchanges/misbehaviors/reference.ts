import { z } from "zod";
import { venuesOf } from "../../venues/index.ts";
import type { Misbehavior } from "./misbehavior.ts";
import { MISBEHAVIORS } from "./registry.ts";

const HEAD = `# How the exchanges misbehave

Everything here has happened at the venues. Each can be enabled and disabled while the lab runs, is
determined by the seed, and counts how often it happened (\`bites\`). This page is generated from the code by \`node project/generate-docs.ts\`.

    kanit venue binance misbehave ack-lost every=3
    kanit venue btcturk misbehave late-fill times=1 polls=12 ttlMs=60000
    kanit venue binance status
    kanit venue binance behave ack-lost     # or without a name: all of them

Frequency: \`every=N\` means every N-th occasion, \`times=N\` the next N, \`share=0.1\` a tenth of them
(default: each time). \`ttlMs\` disables it after that time. A scenario enables one with the fault
\`venue-misbehavior\`.
`;

/** The page of all misbehaviors, \`docs/misbehaviors.md\`. */
export function documentMisbehaviors(): string {
  const rows = MISBEHAVIORS.map(row).join("\n");
  const head = "| name | venues | what a client sees | counted on each | options |\n|---|---|---|---|---|";
  return `${HEAD}\n${head}\n${rows}\n`;
}

function row({ name, description, occasion, options }: Misbehavior): string {
  const cells = [
    `\`${name}\``,
    venuesOf(name).join(", "),
    cell(description),
    cell(occasion),
    optionCell(options),
  ];
  return `| ${cells.join(" | ")} |`;
}

function optionCell(options: z.ZodType): string {
  const { properties = {} } = z.toJSONSchema(options, { io: "input" });
  const lines = Object.entries(properties).map(([name, schema]) => {
    if (typeof schema === "boolean") return `\`${name}\``;
    const byDefault = schema.default === "" ? "" : `=${String(schema.default)}`;
    return `\`${name}${byDefault}\` ${cell(schema.description ?? "")}`;
  });
  return lines.join("<br>");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
