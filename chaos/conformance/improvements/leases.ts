import { spawn } from "node:child_process";
import { once } from "node:events";
import { LinkUnderTest } from "../link-under-test.ts";
import { until, within } from "../wire.ts";
import type { Improvement } from "./improvement.ts";

const TTL_MS = 500;
const HEALED_WITHIN_MS = 5_000;

/**
 * A client that injects a fault, under a lease where the engine has them, reports it, and
 * is killed before it heals.
 */
const CLIENT = `
  const [url, proxy] = process.argv.slice(1);
  const post = (path, body, headers) =>
    fetch(url + path, { method: "POST", body: JSON.stringify(body), headers: { "user-agent": "client", ...headers } });
  const lease = await post("/leases", { ttlMs: ${TTL_MS}, owner: "conformance" });
  const headers = lease.status === 201 ? { "kanit-lease": (await lease.json()).id } : {};
  const added = await post("/proxies/" + proxy + "/toxics", { type: "timeout", name: "left-behind" }, headers);
  process.stdout.write(String(added.status));
  setInterval(() => undefined, 1_000);
`;

const SIGKILLED_CLIENT: Improvement = {
  statement: "A fault belongs to a lease: it is removed automatically when its client was killed.",
  async observe(engine) {
    await using started = await engine.start();
    await using link = await LinkUnderTest.create(started);
    const flags = ["--input-type=module", "--eval", CLIENT, "--", started.url, link.name];
    const child = spawn(process.execPath, flags, { stdio: ["ignore", "pipe", "inherit"] });
    const [said] = (await once(child.stdout, "data")) as [Buffer];
    child.kill("SIGKILL");
    await once(child, "exit");
    if (said.toString() !== "200") return { holds: false, seen: `the toxic was refused with ${said}` };
    const healed = until(async () => (await link.call("GET", "/toxics")).text === "[]").then(() => "healed");
    const outcome = await within(HEALED_WITHIN_MS, healed);
    return outcome === "healed"
      ? { holds: true, seen: "the toxic was removed with the lease" }
      : { holds: false, seen: "the toxic stays: there are no leases" };
  },
};

export const LEASES: readonly Improvement[] = [SIGKILLED_CLIENT];
