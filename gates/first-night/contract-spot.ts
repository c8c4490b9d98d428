import type { Verdict } from "../../core/index.ts";

/** Whether the venues still keep to the contracts, as it was looked at once during the night. */
export interface ContractSpot {
  readonly verdict: Verdict;
  /** What was found for each venue, a line each. */
  readonly lines: readonly string[];
}

/** Looks whether the venues keep to the contracts. Null: there is no address of a venue. */
export type LookAtContracts = ((signal: AbortSignal) => Promise<ContractSpot>) | null;

/** `contract_spot_20260101T060000Z.txt` */
export function contractSpotName(atMs: number): string {
  return `contract_spot_${new Date(atMs).toISOString().replaceAll(/[-:]|\.\d+/g, "")}.txt`;
}

/** The text that is filed. */
export function contractSpotText(release: string, atMs: number, { verdict, lines }: ContractSpot): string {
  return [
    `Contract spot check in the first night of ${release}`,
    `verdict   ${verdict}`,
    `time      ${new Date(atMs).toISOString()}`,
    `command   kanit contracts verify --provider <venue> --provider-url <address> --public-only`,
    "",
    ...lines,
    "",
  ].join("\n");
}
