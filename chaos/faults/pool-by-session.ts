import { setInterval } from "node:timers/promises";
import { debuglog } from "node:util";
import { wholeNumber } from "../proxy/toxics/attribute-spec.ts";
import { faultyDatabaseIn } from "./database-injection.ts";
import type { FaultKind, Injection } from "./fault-kind.ts";
import { type FaultIn, stateFault } from "./fault-statement.ts";
import { BESIDE_THE_LINKS } from "./process-injection.ts";

const statement = stateFault({
  kind: "pool-by-session",
  specs: {
    connections: wholeNumber("count", "how many connections it has", { fallback: 3, min: 1, max: 10 }),
  },
  placeOf: () => "pgbouncer",
});

type PoolBySession = FaultIn<typeof statement>;

const debug = debuglog("kanit-faults");
const LOOK_EVERY_MS = 100;

/** The pooler was set up for sessions, and the platform for transactions: who is idle keeps a connection. */
export const poolBySession: FaultKind<PoolBySession> = {
  ...statement,
  ...BESIDE_THE_LINKS,
  exclusive: () => "the mode of pgbouncer",
  summary: "the pooler keeps a connection for each client that is connected, idle or not",
  healing: "The pooler reads its own settings again.",
  label: ({ connections }) => `pgbouncer pools by session, with ${connections} connections`,
  async inject(fault, context): Promise<Injection> {
    const label = poolBySession.label(fault);
    const change = await faultyDatabaseIn(context, label).poolBySession(fault.connections);
    const stop = new AbortController();
    let most = 0;
    const look = async (): Promise<void> => {
      for await (const _ of setInterval(LOOK_EVERY_MS, undefined, { signal: stop.signal }))
        most = Math.max(most, await change.waiting());
    };
    const looking = look().catch((error: unknown) => debug("no more looks at the pooler: %s", error));
    return {
      label,
      heal: async () => {
        stop.abort();
        await looking;
        await change.restore();
      },
      bite: async () => ({ kind: "counted", connections: most, bytes: 0, messages: null }),
    };
  },
};
