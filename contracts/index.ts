export { type ContractsResult, readResult } from "./contracts-result.ts";
