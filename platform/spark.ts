import { setTimeout as delay } from "node:timers/promises";
import type { SparkConfig } from "./config.ts";
import { DatabaseUnavailableError, messageOf } from "./errors.ts";
import { buildServer } from "./http/server.ts";
import type { Logger } from "./log.ts";
import { Metrics } from "./metrics.ts";
import { sampleEventLoopLag } from "./runtime/event-loop-lag.ts";
import { startInstance } from "./runtime/platform-instance.ts";

/** The platform, listening. */
export interface StartedSpark extends AsyncDisposable {
  /** `http://host:port` */
  readonly url: string;
  readonly metrics: Metrics;
  /** Closes every connection and stops; resolves when the port is free. */
  stop(): Promise<void>;
}

/** The interval and the limit of the checks after a reset until the database answers. */
const RESET_PAUSE_MS = 20;
const RESET_LIMIT_MS = 5_000;

/** Starts the platform. It listens even when the database or the venues are down. */
export async function startSpark(config: SparkConfig, log: Logger): Promise<StartedSpark> {
  const metrics = new Metrics();
  let instance = startInstance(config, metrics, log);

  const reset = async (): Promise<void> => {
    instance.stop();
    metrics.reset();
    instance = startInstance(config, metrics, log);
    sockets.follow();
    await untilAnswered(() => Promise.all([instance.recovery.watch(), instance.killSwitch.refresh()]));
    log.info("reset");
  };
  const { server, sockets } = await buildServer({ config, metrics, log, instance: () => instance, reset });
  sockets.follow();
  const stopSampling = sampleEventLoopLag(metrics);
  const url = await server.listen({ host: config.host, port: config.port });

  const stop = async (): Promise<void> => {
    stopSampling();
    instance.stop();
    sockets.stop();
    await server.close();
  };
  return { url, metrics, stop, [Symbol.asyncDispose]: stop };
}

async function untilAnswered(ask: () => Promise<unknown>): Promise<void> {
  const deadlineMs = performance.now() + RESET_LIMIT_MS;
  for (;;) {
    try {
      await ask();
      return;
    } catch (error) {
      const final = !(error instanceof DatabaseUnavailableError) || performance.now() > deadlineMs;
      if (final) throw new Error(`the database did not answer: ${messageOf(error)}`, { cause: error });
    }
    await delay(RESET_PAUSE_MS);
  }
}
