import type { EnvironmentRecord } from "../../evidence/index.ts";

/** A machine and a lab, for realistic records. */
export const FIXTURE_ENVIRONMENT: EnvironmentRecord = {
  runtime: "local",
  kanitVersion: "0.1.0",
  commit: "22bb317d0c1f4f0d8a5c9d2f6b7e8091a2b3c4d5",
  node: "v24.21.0",
  os: "Linux 6.8.0 x64",
  cpuModel: "AMD EPYC 7B13",
  cpuCount: 2,
  memoryBytes: 25_276_510_208,
  postgres: "PostgreSQL 18.4",
  pgbouncer: "PgBouncer 1.18.0",
  proxy: "kanit fault proxy 0.1.0",
  market: "recording btcusdt_20240808.gz",
  tapeSpeed: 4,
  timeScale: 100,
};
