import { systemClock } from "../core/index.ts";
import { proveLab, proveLedger } from "../harness/index.ts";
import { type Lab, type LabOptions, type Runtime, startLab } from "../lab/index.ts";

/**
 * Starts a lab and verifies that it works, and that the platform's books can be read, so that no experiment begins in a
 * broken lab.
 *
 * @throws KanitError from `startLab`, `proveLab` and `proveLedger`; the lab is then stopped.
 */
export async function startProvenLab(runtime: Runtime, options: LabOptions): Promise<Lab> {
  const lab = await startLab(runtime, options);
  try {
    const { platform, signal } = options;
    const traded = lab.symbols;
    await proveLab({ addresses: lab.addresses, venues: platform.venues, traded, clock: systemClock, signal });
    await proveLedger(lab.addresses.databaseUrl, platform.ledger);
    return lab;
  } catch (error) {
    await lab.stop();
    throw error;
  }
}
