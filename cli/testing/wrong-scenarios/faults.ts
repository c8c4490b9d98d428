import { EXPECT, fault, head, type WrongScenario } from "./texts.ts";

/** Scenarios whose faults cannot be injected, or not at these times. */
export const WRONG_FAULTS: readonly WrongScenario[] = [
  [
    "kind",
    fault("kind: latncy, link: postgres, latencyMs: 50"),
    '4:20: faults[0].fault.kind: expected a known name, got "latncy"; did you mean latency?',
  ],
  [
    "kind-missing",
    fault("link: postgres, latencyMs: 50"),
    "4:12: faults[0].fault.kind: expected a known name, got nothing",
  ],
  [
    "link",
    fault("kind: latency, link: postgress, latencyMs: 50"),
    '4:35: faults[0].fault.link: expected one of api, pgbouncer, postgres, binance-rest, binance-ws, btcturk-rest, btcturk-ws, bist-ws, got "postgress"; did you mean postgres?',
  ],
  [
    "link-missing",
    fault("kind: latency, latencyMs: 50"),
    "4:12: faults[0].fault.link: expected one of api, pgbouncer, postgres, binance-rest, binance-ws, btcturk-rest, btcturk-ws, bist-ws, got nothing",
  ],
  [
    "ws-on-postgres",
    fault("kind: ws-drop, link: postgres"),
    '4:35: faults[0].fault.link: expected a link of WebSocket (api, binance-ws, btcturk-ws, bist-ws), got "postgres"',
  ],
  [
    "pg-on-venue",
    fault("kind: pg-query-delay, link: binance-rest, delayMs: 300"),
    '4:42: faults[0].fault.link: expected a link of PostgreSQL (pgbouncer, postgres), got "binance-rest"',
  ],
  [
    "http-on-postgres",
    fault("kind: http-answer, link: pgbouncer, status: 502"),
    '4:39: faults[0].fault.link: expected a link of HTTP (api, binance-rest, binance-ws, btcturk-rest, btcturk-ws, bist-ws), got "pgbouncer"',
  ],
  [
    "hold-on-venue",
    fault("kind: hold-connections, link: binance-rest, connections: 5"),
    '4:44: faults[0].fault.link: expected a link of PostgreSQL (pgbouncer, postgres), got "binance-rest"',
  ],
  [
    "delay",
    fault("kind: http-reply-delay, link: binance-rest, delay: 300"),
    '4:58: faults[0].fault.delay: expected one of the keys kind, link, method, path, nth, every, first, share, per, delayMs, jitterMs, toxicity, got "delay"; did you mean delayMs?',
  ],
  [
    "attribute-of-other",
    fault("kind: down, link: postgres, latencyMs: 3"),
    '4:42: faults[0].fault.latencyMs: expected one of the keys kind, link, got "latencyMs"',
  ],
  [
    "attribute-text",
    fault("kind: latency, link: postgres, latencyMs: 50ms"),
    '4:56: faults[0].fault.latencyMs: expected a number, got "50ms"',
  ],
  [
    "attribute-negative",
    fault("kind: latency, link: postgres, latencyMs: -1"),
    "4:56: faults[0].fault.latencyMs: expected at least 0, got -1",
  ],
  [
    "toxicity",
    fault("kind: latency, link: postgres, latencyMs: 5, toxicity: 50"),
    "4:69: faults[0].fault.toxicity: expected at most 1, got 50",
  ],
  [
    "pattern",
    fault("kind: ws-drop, link: binance-ws, pattern: '(depth'"),
    '4:56: faults[0].fault.pattern: expected a regular expression of RE2\'s syntax, got: error parsing regexp: missing closing ): `(?i)(depth`, got "(depth"',
  ],
  [
    "choice",
    fault("kind: pg-commit-reply-lost, link: postgres, how: vanish"),
    '4:63: faults[0].fault.how: expected one of hang, close, reset, got "vanish"',
  ],
  [
    "slicer",
    fault("kind: slicer, link: postgres, averageBytes: 10, variationBytes: 20"),
    "4:78: faults[0].fault.variationBytes: expected less than averageBytes, got 20",
  ],
  [
    "misbehavior",
    fault("kind: venue-misbehavior, link: binance-ws, venue: binance, misbehavior: gapp"),
    '4:86: faults[0].fault.misbehavior: expected a known name, got "gapp"; did you mean gap?',
  ],
  [
    "misbehavior-venue",
    fault("kind: venue-misbehavior, link: btcturk-rest, venue: btcturk, misbehavior: ip-ban"),
    '4:88: faults[0].fault.misbehavior: expected a misbehavior of btcturk, got "ip-ban"; nearest are gap, ack-lost, html-504',
  ],
  [
    "misbehavior-link",
    fault("kind: venue-misbehavior, link: btcturk-ws, venue: binance, misbehavior: gap"),
    '4:45: faults[0].fault.link: expected a link of binance (binance-rest, binance-ws), got "btcturk-ws"',
  ],
  [
    "venue",
    fault("kind: venue-misbehavior, link: binance-ws, venue: binanse, misbehavior: gap"),
    '4:64: faults[0].fault.venue: expected one of binance, btcturk, bist, got "binanse"; did you mean binance?',
  ],
  [
    "own-unknown",
    fault("kind: own, name: cache-lost"),
    '4:31: faults[0].fault.name: expected a fault of kanit.config (which has none), got "cache-lost"',
  ],
  [
    "kill-exchanges",
    fault("kind: kill, process: exchanges"),
    '4:35: faults[0].fault.process: expected one of platform, postgres, pgbouncer, got "exchanges"',
  ],
  [
    "pause-link",
    fault("kind: pause, link: postgres"),
    "4:12: faults[0].fault.process: expected one of platform, postgres, pgbouncer, exchanges, got nothing",
  ],
  [
    "kill-link",
    fault("kind: kill, process: platform, link: api"),
    '4:51: faults[0].fault.link: expected no link, got "api"',
  ],
  [
    "kill-restraint",
    fault("kind: kill, process: platform", "forMs: 3000\n    maxBites: 3"),
    "6:15: faults[0].maxBites: expected nothing, because kill counts no messages that a platform could leave unsent, got 3",
  ],
  [
    "for-seconds",
    fault("kind: down, link: postgres", "forMs: 3"),
    "5:12: faults[0].forMs: expected at least 100, got 3",
  ],
  [
    "for-missing",
    fault("kind: down, link: postgres", "afterMs: 3"),
    "4:5: faults[0].forMs: expected a number, got nothing",
  ],
  [
    "for-text",
    fault("kind: down, link: postgres", "forMs: 3s"),
    '5:12: faults[0].forMs: expected a number, got "3s"',
  ],
  [
    "bites-zero",
    fault("kind: down, link: postgres", "forMs: 3000\n    maxBites: 0"),
    "6:15: faults[0].maxBites: expected at least 1, got 0",
  ],
  [
    "too-long",
    fault("kind: down, link: postgres", "forMs: 900000"),
    "5:12: faults[0].forMs: expected phases of at most 600000 ms together, the warm-up and the watch for recovery included, got phases of up to 921500 ms",
  ],
  [
    "faults-map",
    head(`faults: { kind: down, link: postgres }\n${EXPECT}`),
    '3:9: faults: expected a list, got {"kind":"down","link":"postgres"}',
  ],
  [
    "fault-flat",
    head(`faults:
  - kind: down
    link: postgres
    forMs: 3000
${EXPECT}`),
    "4:5: faults[0].fault: expected an object, got nothing",
    '4:5: faults[0].kind: expected one of the keys fault, afterMs, forMs, maxBites, got "kind"',
    '5:5: faults[0].link: expected one of the keys fault, afterMs, forMs, maxBites, got "link"',
  ],
  [
    "two-down",
    head(
      `faults:
  - fault: { kind: down, link: postgres }
    forMs: 3000
  - fault: { kind: down, link: postgres }
    afterMs: 1000
    forMs: 3000
${EXPECT}`,
    ),
    "6:5: faults[1]: expected no overlap with faults[0], which uses the port of postgres too, got postgres down from 1000 to 4000 ms",
  ],
  [
    "under-down",
    head(
      `faults:
  - fault: { kind: down, link: postgres }
    forMs: 3000
  - fault: { kind: latency, link: postgres, latencyMs: 50 }
    afterMs: 1000
    forMs: 1000
${EXPECT}`,
    ),
    "6:5: faults[1]: expected a fault during which traffic passes on postgres, which faults[0] (postgres down) stops throughout, got latency of 50 ms on postgres (downstream) from 1000 to 2000 ms",
  ],
];
