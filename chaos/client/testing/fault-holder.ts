/**
 * A runner for a test to kill: holds a lease and repeatedly injects faults of many kinds on its link and
 * heals them. Prints what it is about to do.
 *
 * Usage: `node fault-holder.ts <proxy url> <link> <another upstream> <lease's time to live in ms> <seed>`
 */
import { setTimeout as sleep } from "node:timers/promises";
import { seededRandom } from "../../../core/index.ts";
import { FaultProxyError } from "../deadline-http-client.ts";
import { type FaultLease, FaultProxyClient } from "../fault-proxy-client.ts";
import type { ToxicOptions } from "../fault-proxy-state.ts";

const TOXICS: readonly Pick<ToxicOptions, "type" | "attributes">[] = [
  { type: "latency", attributes: { latency: 60_000 } },
  { type: "timeout", attributes: {} },
  { type: "reset_peer", attributes: {} },
  { type: "bandwidth", attributes: { rate: 1 } },
  { type: "limit_data", attributes: { bytes: 1 } },
];

const [url = "", link = "", upstream = "", ttl = "", seed = ""] = process.argv.slice(2);
const ttlMs = Number(ttl);
const random = seededRandom(Number(seed));
const say = (moment: string) => process.stdout.write(`${moment}\n`);

/** Injects, holds and heals until the lease ends. */
async function injectAndHeal({ proxy }: FaultLease): Promise<void> {
  for (;;) {
    say("injecting");
    await proxy.setUpstream(link, upstream);
    await proxy.updateToxic(link, "standing", { attributes: { latency: 60_000 } });
    const chosen = TOXICS.filter(() => random.next() < 0.5);
    const toxics = chosen.map((toxic) =>
      proxy.addToxic(link, { ...toxic, stream: "downstream", toxicity: 1 }),
    );
    const added = await Promise.all(toxics);
    await proxy.setEnabled(link, random.next() < 0.5);
    say("holding");
    // Long enough for a renewal of the lease in between.
    await sleep(ttlMs);
    say("healing");
    for (const { name } of added) await proxy.removeToxic(link, name);
  }
}

say("started");
const client = await FaultProxyClient.connect(url);
for (;;) {
  const lease = await client.openLease("fault-holder", ttlMs);
  say("leased");
  try {
    await injectAndHeal(lease);
  } catch (error) {
    // The lease has expired: the machine was too busy to renew it in time.
    if (!(error instanceof FaultProxyError && error.status === 410)) throw error;
    say("expired");
  }
}
