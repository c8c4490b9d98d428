import { describeMistakes, UsageError, unknownName } from "../../core/index.ts";
import type { ScenarioSource } from "../../evidence/index.ts";
import type { RunFacts, Scenario } from "../../harness/index.ts";
import { badScenarios } from "../require-valid.ts";
import { filesOf, namesFile } from "./find-files.ts";
import { type LoadedFile, loadFile } from "./loaded-file.ts";
import { patternOf } from "./name-pattern.ts";

/** What a person selects scenarios by. */
export interface Selection {
  /** Names, patterns of names (`binance-*`), and files, folders and patterns of files. None: all of the catalog. */
  readonly selectors: readonly string[];
  /** Only those that have one of these tags. None: whatever their tags. */
  readonly tags: readonly string[];
}

/** A scenario that was selected, and where it comes from. */
export interface SelectedScenario {
  readonly scenario: Scenario;
  readonly source: ScenarioSource;
  /** What selects it alone: `db-latency`, `chaos/slow.yml`, `chaos/suite.ts#slow-db`. */
  readonly selector: string;
  /** Whether it was asked for by name, and not found by a pattern or a tag. */
  readonly isNamed: boolean;
}

/** The scenarios of a selection, and all mistakes in its files and what may be one, a line each. */
export interface SelectionResult {
  readonly selected: readonly SelectedScenario[];
  readonly mistakes: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Finds the scenarios that a person selects, in the catalog and in files. Each is there once, in the order of the
 * selectors.
 *
 * @throws UsageError `unknown-scenario` or `unknown-tag` for what selects nothing.
 */
export async function findScenarios(
  { selectors, tags }: Selection,
  catalog: readonly Scenario[],
  facts: RunFacts,
): Promise<SelectionResult> {
  const loaded = new Map<string, Promise<LoadedFile>>();
  const load = (path: string) => {
    const known = loaded.get(path) ?? loadFile(path, facts);
    loaded.set(path, known);
    return known;
  };
  const found: SelectedScenario[] = [];
  for (const selector of selectors.length === 0 ? ["*"] : selectors) {
    found.push(...(namesFile(selector) ? await fromFiles(selector, load) : fromCatalog(selector, catalog)));
  }
  const files = await Promise.all(loaded.values());
  const mistakes = [...files.flatMap((file) => file.mistakes), ...repeatedNames(files, catalog)];
  const selected = uniqueOf(found).filter(({ scenario }) => hasTag(scenario, tags));
  if (selected.length === 0 && mistakes.length === 0) throw unknownTag(tags, found);
  return { selected, mistakes, warnings: files.flatMap((file) => file.warnings) };
}

/**
 * As `findScenarios`, for scenarios that are to be run.
 *
 * @throws UsageError also `bad-scenario`, with a line for each mistake in any of the files.
 */
export async function selectScenarios(
  selection: Selection,
  catalog: readonly Scenario[],
  facts: RunFacts,
): Promise<Omit<SelectionResult, "mistakes">> {
  const { selected, mistakes, warnings } = await findScenarios(selection, catalog, facts);
  if (mistakes.length > 0) throw badScenarios(mistakes);
  return { selected, warnings };
}

function fromCatalog(selector: string, catalog: readonly Scenario[]): readonly SelectedScenario[] {
  const pattern = patternOf(selector);
  const found = catalog.filter(({ name }) => pattern.matches(name));
  if (found.length === 0) throw unknownScenario(selector, catalog);
  return found.map((scenario) => ({
    scenario,
    source: { kind: "catalog" },
    selector: scenario.name,
    isNamed: pattern.isName,
  }));
}

async function fromFiles(
  selector: string,
  load: (path: string) => Promise<LoadedFile>,
): Promise<readonly SelectedScenario[]> {
  const { pattern, scenario: wanted } = splitSelector(selector);
  const paths = await filesOf(pattern);
  if (paths.length === 0) {
    throw new UsageError({
      code: "unknown-scenario",
      message: `Expected files of scenarios, got none for ${selector}.`,
      nextStep: "A file of scenarios ends with .yml, .yaml, .ts, .mts, .js or .mjs.",
    });
  }
  const files = await Promise.all(paths.map(load));
  const found = files.flatMap(({ path, sha256, scenarios, mistakes }) =>
    scenarios.map((scenario) => ({
      scenario,
      source: { kind: "file", path, sha256 } as const,
      selector: scenarios.length + mistakes.length === 1 ? path : `${path}#${scenario.name}`,
      isNamed: paths.length === 1,
    })),
  );
  if (wanted === null) return found;
  const only = found.filter(({ scenario }) => scenario.name === wanted);
  const hasMistakes = files.some(({ mistakes }) => mistakes.length > 0);
  if (only.length === 0 && !hasMistakes)
    throw unknownScenario(
      wanted,
      found.map(({ scenario }) => scenario),
    );
  return only;
}

/** `chaos/suite.ts#slow-db` is one scenario of a file. */
function splitSelector(selector: string): { readonly pattern: string; readonly scenario: string | null } {
  const at = selector.lastIndexOf("#");
  if (at === -1) return { pattern: selector, scenario: null };
  return { pattern: selector.slice(0, at), scenario: selector.slice(at + 1) };
}

/** Each once. One that is named stays so, also when a pattern finds it too. */
function uniqueOf(found: readonly SelectedScenario[]): readonly SelectedScenario[] {
  const named = new Set(found.filter(({ isNamed }) => isNamed).map(({ selector }) => selector));
  const unique = new Map(
    found.map((each) => [each.selector, { ...each, isNamed: named.has(each.selector) }]),
  );
  return [...unique.values()];
}

/** A name stands for one scenario: reports and commands tell scenarios apart by it. */
function repeatedNames(files: readonly LoadedFile[], catalog: readonly Scenario[]): readonly string[] {
  const owners = new Map(catalog.map(({ name }) => [name, "kanit's own catalog"]));
  return files.flatMap(({ path, scenarios }) =>
    scenarios.flatMap(({ name }) => {
      const owner = owners.get(name);
      if (owner === undefined) owners.set(name, path);
      return owner === undefined
        ? []
        : [`${path}: name: expected a name that no other scenario has, got "${name}" (${owner} has it)`];
    }),
  );
}

function hasTag(scenario: Scenario, tags: readonly string[]): boolean {
  return tags.length === 0 || scenario.tags.some((tag) => tags.includes(tag));
}

function unknownScenario(name: string, known: readonly Scenario[]): UsageError {
  const names = known.map((scenario) => scenario.name);
  return new UsageError({
    code: "unknown-scenario",
    message: capitalized(describeMistakes([unknownName([], "the name of a scenario", name, names)])),
    nextStep: `Known are ${names.join(", ")}; a file is named by its path.`,
  });
}

function unknownTag(tags: readonly string[], found: readonly SelectedScenario[]): UsageError {
  const known = [...new Set(found.flatMap(({ scenario }) => scenario.tags))].toSorted();
  return new UsageError({
    code: "unknown-tag",
    message: `Expected scenarios tagged ${tags.join(" or ")}, got none among ${found.length}.`,
    nextStep: known.length === 0 ? "None of them has a tag." : `Their tags are ${known.join(", ")}.`,
  });
}

function capitalized(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
