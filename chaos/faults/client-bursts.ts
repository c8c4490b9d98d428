import { setTimeout as delay } from "node:timers/promises";
import { UsageError } from "../../core/index.ts";
import type { FaultContext, Injection } from "./fault-kind.ts";
import type { FaultyClients } from "./faulty-clients.ts";

/** What clients do again and again. */
interface ClientBursts {
  readonly label: string;
  readonly pauseMs: number;
  /** Does it once; returns how many of its requests were answered. `number` counts from 0. */
  burst(clients: FaultyClients, number: number): Promise<number>;
}

/**
 * Has clients do something again and again until the fault heals. Its effect is how many requests were answered.
 *
 * @throws UsageError `no-faulty-clients` where nothing knows how the platform's API is spoken.
 */
export function repeatBursts({ label, pauseMs, burst }: ClientBursts, { clients }: FaultContext): Injection {
  if (clients === null) throw withoutClients(label);
  const stop = new AbortController();
  let answered = 0;
  const repeat = async () => {
    for (let number = 0; !stop.signal.aborted; number += 1) {
      answered += await burst(clients, number);
      await delay(pauseMs, undefined, { signal: stop.signal }).catch((error: unknown) => {
        if (!stop.signal.aborted) throw error;
      });
    }
  };
  const repeating = repeat();
  // Whoever heals it learns why it ended before.
  repeating.catch(() => undefined);
  return {
    label,
    heal: async () => {
      stop.abort();
      await repeating;
    },
    bite: async () => ({ kind: "counted", connections: answered, bytes: 0, messages: null }),
  };
}

function withoutClients(label: string): UsageError {
  return new UsageError({
    code: "no-faulty-clients",
    message: `Expected a run of scenarios for "${label}", got a command that sends the platform no requests.`,
    nextStep: "Use it in a scenario.",
  });
}
