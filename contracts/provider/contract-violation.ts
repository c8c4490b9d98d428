import { EXIT_CODE, KanitError, type Verdict } from "../../core/index.ts";
import type { Mismatch } from "../matching/run-verifier.ts";

/** One way in which a provider differs from a pact. */
interface Violation extends Mismatch {
  /** Which interaction, with its states. */
  readonly interaction: string;
}

/** What a verification of one provider found. */
export interface PactVerification {
  readonly provider: string;
  /** The interactions that were kept. */
  readonly kept: readonly string[];
  readonly notVerified: readonly { readonly interaction: string; readonly reason: string }[];
  readonly violations: readonly Violation[];
}

/** A violation is a fail; what was not verified, or nothing at all, is inconclusive. */
export function verdictOf({ kept, notVerified, violations }: PactVerification): Verdict {
  if (violations.length > 0) return "fail";
  return notVerified.length > 0 || kept.length === 0 ? "inconclusive" : "pass";
}

/** A violation on one line: which interaction, where in it, what was expected and what came. */
function violationLine({ interaction, field, expected, received }: Violation): string {
  return `${interaction}: ${field}: expected ${expected}, received ${received}`;
}

/** A provider does not keep to its pact. */
export class ContractViolationError extends KanitError {
  override readonly name = "ContractViolationError";
  readonly verification: PactVerification;

  constructor(verification: PactVerification) {
    const { provider, violations } = verification;
    const count = violations.length === 1 ? "1 difference" : `${violations.length} differences`;
    super({
      code: "contract-violated",
      message: `Expected ${provider} to keep to the pact, got ${count}:\n  ${violations.map(violationLine).join("\n  ")}`,
      nextStep: "Correct the provider, or the platform and then the pact (docs/contracts.md).",
      exitCode: EXIT_CODE.fail,
    });
    this.verification = verification;
  }
}
