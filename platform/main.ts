import { readConfig } from "./config.ts";
import { messageOf, SparkError } from "./errors.ts";
import { openLog } from "./log.ts";
import { type StartedSpark, startSpark } from "./spark.ts";

/** `EX_USAGE` and `EX_SOFTWARE` of BSD's sysexits. */
const EXIT_USAGE = 64;
const EXIT_SOFTWARE = 70;
/** How long to wait for open connections at the end before closing them. */
const STOP_LIMIT_MS = 300;

try {
  const config = readConfig(process.env);
  const log = openLog(config.logLevel);
  const spark = await startSpark(config, log);
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => end(spark));
  if (config.defects.size > 0) log.warn({ defects: [...config.defects] }, "planted defects are enabled");
  process.stdout.write(`${JSON.stringify({ event: "listening", url: spark.url })}\n`);
} catch (error) {
  const nextStep = error instanceof SparkError ? ` ${error.nextStep}` : "";
  process.stderr.write(`spark: ${messageOf(error)}${nextStep}\n`);
  process.exit(error instanceof SparkError ? EXIT_USAGE : EXIT_SOFTWARE);
}

function end(spark: StartedSpark): void {
  setTimeout(() => process.exit(0), STOP_LIMIT_MS);
  spark.stop().then(
    () => process.exit(0),
    (error: unknown) => {
      process.stderr.write(`spark: stopping failed: ${messageOf(error)}\n`);
      process.exit(EXIT_SOFTWARE);
    },
  );
}
