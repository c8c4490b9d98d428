import { VENUE_LINKS } from "./links.ts";
import { addressVariable } from "./platform-variables.ts";
import { VENUES } from "./table.ts";
import type { VenueEntry } from "./venue-entry.ts";

const HEAD = `# The venues

Each venue is one entry in \`venues/\`; the lab, the stubs, the load, the measuring, the command line and the files in
\`docker/\` read it there. This page is generated from the entries by \`node project/generate-docs.ts\`.
[Add a venue](add-a-venue.md) shows how another one is added.

Each link is a proxy of the fault proxy. The platform is given the variables; each address leads through its link. A venue
with a WebSocket is a \`feed\` in the platform's metrics (\`feed_staleness_seconds{feed="…"}\`), by its own name. The load
sends orders to the venues that take them, in the usual shares unless a scenario says otherwise; their books are compared
with the platform's. Misbehaviors are in [their own page](misbehaviors.md), by venue.
`;

/** The page of all venues, `docs/venues.md`. */
export function documentVenues(): string {
  const head = "| venue | links | symbols | usual share of orders | variables |\n|---|---|---|---|---|";
  return `${HEAD}\n${head}\n${VENUES.map(row).join("\n")}\n`;
}

function row({ name, title, symbols, orders, credentials }: VenueEntry): string {
  const links = VENUE_LINKS.filter(({ venue }) => venue === name);
  const variables = [...links.map(addressVariable), ...credentials.map(({ variable }) => variable)];
  const cells = [
    `${title} (\`${name}\`)`,
    links.map((link) => `\`${link.name}\``).join(", "),
    symbols.join(", "),
    orders.kind === "taken" ? String(orders.usualWeight) : "takes none",
    variables.map((variable) => `\`${variable}\``).join(", "),
  ];
  return `| ${cells.join(" | ")} |`;
}
