import { importModule } from "./import-module.ts";

/** What a module exports as scenarios, not checked yet; or why there is nothing, as a line. */
export type ImportedScenarios =
  | { readonly kind: "imported"; readonly scenarios: readonly ExportedScenario[] }
  | { readonly kind: "unusable"; readonly problem: string };

interface ExportedScenario {
  /** The name of the export: `default`, or `suite[1]` of a list. */
  readonly name: string;
  readonly data: unknown;
}

/** Imports a module of the user's and finds the scenarios among its exports. */
export async function importScenarios(path: string): Promise<ImportedScenarios> {
  const imported = await importModule(path);
  if (imported.kind === "unusable") return imported;
  const { exported } = imported;
  const scenarios = Object.entries(exported).flatMap(([name, value]) => scenariosIn(name, value));
  if (scenarios.length > 0) return { kind: "imported", scenarios };
  const names = Object.keys(exported);
  const got = names.length === 0 ? "no exports" : `the exports ${names.join(", ")}, none of which is one`;
  return { kind: "unusable", problem: `${path}: expected a scenario as default or named export, got ${got}` };
}

/** The keys by which an object of a module, which may export other things too, is taken for a scenario. */
const TELLTALE_KEYS = ["hypothesis", "faults", "expectation"];

function scenariosIn(name: string, value: unknown): readonly ExportedScenario[] {
  if (Array.isArray(value)) {
    return value.flatMap((item: unknown, index) => scenariosIn(`${name}[${index}]`, item));
  }
  const isScenario =
    typeof value === "object" && value !== null && TELLTALE_KEYS.some((key) => Object.hasOwn(value, key));
  return isScenario || name === "default" ? [{ name, data: value }] : [];
}
