import type { Gate } from "../engine/gate.ts";
import { connectionHeadroom } from "./connection-headroom.ts";
import { crashSafety } from "./crash-safety.ts";
import { expiringLogins } from "./expiring-logins.ts";
import { indexes } from "./indexes.ts";
import { loginPowers } from "./login-powers.ts";
import { longTransactions } from "./long-transactions.ts";
import { sessionFeatures } from "./session-features.ts";
import { timeZone } from "./time-zone.ts";
import { venueStatus } from "./venue-status.ts";

/** The nine things that nobody thinks of; docs/blind-spots.md says why these. */
export const BLIND_SPOTS: Gate = {
  name: "blind-spots",
  title: "Blind spots scan",
  question: "Is there something that nobody thinks of before a release?",
  checks: [
    timeZone,
    sessionFeatures,
    longTransactions,
    indexes,
    expiringLogins,
    loginPowers,
    crashSafety,
    connectionHeadroom,
    venueStatus,
  ],
  summaryFile: "blind_spots_scan_{release}.txt",
  limitMs: 60_000,
};
