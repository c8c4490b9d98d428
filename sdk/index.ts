/**
 * What other repositories import of kanit, and all that they may rely on: `import { defineScenario } from "kanit"`.
 * docs/api.md is generated from it.
 */

export { defineFault, type OwnFault, type OwnFaultContext, type OwnInjection } from "../chaos/index.ts";
export {
  EXIT_CODE,
  type ExitCode,
  KanitError,
  RefusedError,
  UnavailableError,
  UsageError,
  type Verdict,
} from "../core/index.ts";
export {
  type BookedOrder,
  type ClientOperation,
  defineInvariant,
  defineScenario,
  type FinalBooks,
  type LabFaultInput as FaultInput,
  ORDINARY_CONDITIONS,
  type OrderAtVenue,
  type OwnFinding,
  type OwnInvariant,
  type Scenario,
  type ScenarioInput,
} from "../harness/index.ts";
export { type ConfigurationInput as Configuration, defineConfig } from "../runs/index.ts";
export type { LabSettings } from "./lab-settings.ts";
export {
  runScenario,
  type ScenarioCheck,
  type ScenarioResult,
  type ScenarioSettings,
} from "./run-scenario.ts";
export {
  type InjectedFault,
  type LabAddresses,
  type LabStartSettings,
  type StartedLab,
  startLab,
} from "./start-lab.ts";
