import rooms from "../rooms.json" with { type: "json" };

/** The rooms that a package ships, with those that no arrow leads from or to. */
export const SHIPPED_ROOMS: readonly string[] = [...Object.keys(rooms), "docker"];

/** What other repositories import. */
export const PUBLIC_ENTRY = "sdk/index.ts";

/** Modules that somebody runs or imports by name; all that they import goes along. */
export const ENTRIES: readonly string[] = [
  "cli/main.ts",
  "chaos/proxy/main.ts",
  "contracts/main.ts",
  "docker/main.ts",
  "exchanges/main.ts",
  "exchanges/recording/main.ts",
  "load/k6/order-flow.ts",
  "load/k6/request.ts",
  "load/metronome/main.ts",
  "load/self-test/main.ts",
  "load/worker/main.ts",
  "platform/main.ts",
  "platform/migrate.ts",
  PUBLIC_ENTRY,
];

/** Files outside of the rooms that a package has in the same place. */
export const ROOT_ASSETS: readonly string[] = [".dockerignore", "docker-compose.yml"];

const NOT_SHIPPED = /(^|\/)(testing|tests|cases)\/|\.ts$|^signals\/exports\/|^reports\/out\//;

/** Whether a file of a room is shipped as it is: a style sheet, a rule file, a shell script. */
export function isAsset(path: string): boolean {
  return !NOT_SHIPPED.test(path);
}

const NAMES_MODULES = /(^|\/)platform\.yml$|\.Dockerfile$/;

/**
 * The text of an asset in a package, where the modules that it names are compiled. JSON is not indented there: no
 * text in it goes over several lines, and the indentation of the pacts is half of them.
 */
export function assetText(path: string, text: string): string {
  if (path.endsWith(".json")) return text.replaceAll(/^ +/gm, "");
  return NAMES_MODULES.test(path) ? text.replaceAll(/(?<=[\w*])\.ts\b/g, ".js") : text;
}
