import { STANDARD_CREDENTIALS, VENUE_LINK_NAMES } from "../../venues/index.ts";
import { LINK_NAMES, type LinkName } from "../links.ts";
import { platformVariables } from "./platform-variables.ts";
import { linkPort, linkPortVariable, PORTS } from "./ports.ts";
import { COMPOSE_SECRETS } from "./secret-variables.ts";

/** `docker/links.json`: the links, as the doorway creates them in the fault proxy. */
export function writeLinks(): string {
  const lines = LINK_NAMES.map((name) => {
    const listen = `0.0.0.0:${linkPort(name)}`;
    return `  { "name": "${name}", "listen": "${listen}", "upstream": "${upstreamOf(name)}" }`;
  });
  return `[\n${lines.join(",\n")}\n]\n`;
}

/** The stubs share the fault proxy's network, so they are upstream on its loopback. */
function upstreamOf(name: LinkName): string {
  switch (name) {
    case "api":
      return `spark:${PORTS.platform}`;
    case "pgbouncer":
      return `pgbouncer:${PORTS.pgbouncer}`;
    case "postgres":
      return `postgres:${PORTS.postgres}`;
    default:
      return `127.0.0.1:${PORTS.firstStub + VENUE_LINK_NAMES.indexOf(name)}`;
  }
}

/** `docker-compose.yml` with the generated lines that follow from the links and the venues. */
export function writeComposeFile(current: string): string {
  const published = LINK_NAMES.map(
    (name) => `- 127.0.0.1:\${${linkPortVariable(name)}:-${linkPort(name)}}:${linkPort(name)}`,
  );
  const { HOST: _, PORT: __, ...variables } = platformVariables(COMPOSE_SECRETS, STANDARD_CREDENTIALS);
  const environment = Object.entries(variables).map(([name, value]) => `${name}: ${value}`);
  return replaceBlock(replaceBlock(current, "links", published), "variables", environment);
}

/** Replaces the lines between `# <name>: written from …` and `# end of <name>`, indented as the first marker is. */
function replaceBlock(text: string, name: string, lines: readonly string[]): string {
  const block = new RegExp(`^( *)(# ${name}: written from .*\n)[\\s\\S]*?^ *(# end of ${name})$`, "m");
  if (!block.test(text)) throw new TypeError(`Expected the markers of the block ${name}, got none.`);
  return text.replace(
    block,
    (_, indent: string, begin: string, end: string) =>
      `${indent}${begin}${lines.map((line) => `${indent}${line}\n`).join("")}${indent}${end}`,
  );
}
