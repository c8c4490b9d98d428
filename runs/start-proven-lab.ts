import { systemClock } from "../core/index.ts";
import { proveLab } from "../harness/index.ts";
import { type Lab, type LabOptions, type Runtime, startLab } from "../lab/index.ts";

/**
 * Brings a lab up and proves it, so that nothing is begun in a lab that cannot give what its experiments need.
 *
 * @throws KanitError what is missing, from `startLab` and `proveLab`; the lab is down then.
 */
export async function startProvenLab(runtime: Runtime, options: LabOptions): Promise<Lab> {
  const lab = await startLab(runtime, options);
  try {
    await proveLab({ addresses: lab.addresses, clock: systemClock, signal: options.signal });
    return lab;
  } catch (error) {
    await lab.stop();
    throw error;
  }
}
