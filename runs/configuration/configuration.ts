import { type Extensions, NO_EXTENSIONS } from "../../harness/index.ts";

/** What the user's repository adds to kanit, complete. */
export interface Configuration {
  /** The path of the platform's definition; null: that of the command line, or Spark's. */
  readonly platform: string | null;
  /** The paths of rule files besides kanit's own. */
  readonly rules: readonly string[];
  readonly extensions: Extensions;
}

export const NO_CONFIGURATION: Configuration = { platform: null, rules: [], extensions: NO_EXTENSIONS };

/** What `kanit.config.ts` exports by default. */
export interface ConfigurationInput {
  /** The path of the platform's `platform.yml`, from the folder of this file; `--platform` comes before it. */
  readonly platform?: string;
  /** Prometheus rule files whose alerts are watched besides kanit's own, from the folder of this file. */
  readonly rules?: readonly string[];
  /** Faults that scenarios inject by name. */
  readonly faults?: Extensions["faults"];
  /** Invariants that are checked after every scenario, besides kanit's own. */
  readonly invariants?: Extensions["invariants"];
}

/** Declares the configuration of a repository, so that the compiler and editors know what it may consist of. */
export function defineConfig(configuration: ConfigurationInput): ConfigurationInput {
  return configuration;
}
