import { accessFile, writeAccessFile } from "./access-file.ts";
import type { Lab } from "./lab.ts";
import { type LabRecord, writeLabRecord } from "./lab-record.ts";
import { powersSocket } from "./powers/powers-protocol.ts";
import { servePowers } from "./powers/serve-powers.ts";

/** Where a lab is published, and until when. */
export interface LabPublication {
  readonly labsDirectory: string;
  /** The lab's own folder among them. */
  readonly directory: string;
  readonly record: LabRecord;
  /** Aborted when the lab is stopped. */
  readonly signal: AbortSignal;
}

/** Publishes a ready lab with its addresses to other commands, and lets them use its powers. */
export async function publishLab(
  lab: Lab,
  { labsDirectory, directory, record, signal }: LabPublication,
): Promise<void> {
  const recordAddresses = async () => {
    await writeAccessFile(accessFile(labsDirectory, lab.id), lab.addresses);
    await writeLabRecord(directory, { ...record, addresses: lab.addresses, canary: lab.canary });
  };
  await servePowers(powersSocket(labsDirectory, lab.id), {
    powers: lab.powers,
    onRestart: recordAddresses,
    signal,
  });
  await recordAddresses();
}
