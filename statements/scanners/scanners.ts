import { grype } from "./grype.ts";
import { npmAudit } from "./npm-audit.ts";
import { osvScanner } from "./osv-scanner.ts";
import type { Scanner } from "./scanner.ts";

/** The scanners that kanit can drive. */
export const SCANNERS: readonly Scanner[] = [grype, osvScanner, npmAudit];
