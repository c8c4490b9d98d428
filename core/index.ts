export { type Clock, steadyClock, steadyClockFrom, systemClock } from "./clock.ts";
export {
  type ControlGuardPolicy,
  type ControlRefusal,
  FAULT_PROXY_GUARD,
  isRequestOfProgram,
  judgeControlRequest,
  STRICT_CONTROL_GUARD,
} from "./control-guard.ts";
export { CONTROL_TOKEN_VARIABLE, readControlToken, withControlToken } from "./control-token.ts";
export { counted } from "./counted.ts";
export { Disposals } from "./disposals.ts";
export { formatDuration, parseDurationMs } from "./duration.ts";
export { editorSchema } from "./editor-schema.ts";
export { EXIT_CODE, type ExitCode, exitCodeOf } from "./exit-code.ts";
export { type FaultBite, faultBiteSchema } from "./fault-bite.ts";
export {
  KanitError,
  RefusedError,
  UnavailableError,
  UsageError,
} from "./kanit-error.ts";
export {
  type LinearPattern,
  linearPattern,
  MAX_PATTERN_INSTRUCTIONS,
  MAX_PATTERN_LENGTH,
  patternComplaint,
} from "./linear-pattern.ts";
export {
  type DataPath,
  describeMistake,
  describeMistakes,
  formatPath,
  type Mistake,
  shown,
  unknownName,
  wrongMeaning,
  wrongValue,
} from "./mistakes/mistake.ts";
export { nearestTo } from "./mistakes/nearest.ts";
export { type ParsedData, parseData, valueAt } from "./mistakes/parse-data.ts";
export { programEnding } from "./program-ending.ts";
export { QUANTITY_NAMES, type QuantityName, whyImpossible } from "./quantity.ts";
export { hashText, type Random, seededRandom } from "./random.ts";
export { SecretRegistry } from "./secrets/secret-registry.ts";
export { SecretStream } from "./secrets/secret-stream.ts";
export { isCredentialName, REDACTED } from "./secrets/well-known-secrets.ts";
export { mergeVerdicts, type Verdict } from "./verdict.ts";
