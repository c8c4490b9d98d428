import type { Gate } from "../engine/gate.ts";
import { cspNonce } from "./csp-nonce.ts";
import { hstsPreloadTrap } from "./hsts-preload-trap.ts";
import { idempotencyKeyGrowth } from "./idempotency-key-growth.ts";
import { outboxStuckEvents } from "./outbox-stuck-events.ts";
import { poolModeMismatch } from "./pool-mode-mismatch.ts";
import { uniqueIndexCollation } from "./unique-index-collation.ts";

/** The expensive mistakes, then the corner cases, in the order of the requirement. */
export const RED_TEAM: Gate = {
  name: "red-team",
  title: "Red team",
  question: "Is none of the mistakes there that are cheap to look for and expensive to make?",
  checks: [
    uniqueIndexCollation,
    idempotencyKeyGrowth,
    outboxStuckEvents,
    hstsPreloadTrap,
    poolModeMismatch,
    cspNonce,
  ],
  summaryFile: "red_team_pass_{release}.txt",
  limitMs: 600_000,
};
