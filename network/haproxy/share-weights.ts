/** The greatest weight of a server in HAProxy. */
const MAX_WEIGHT = 256;
/** Shares are given in hundredths of a percent at most. */
const PARTS_OF_A_PERCENT = 100;
const ALL = 100 * PARTS_OF_A_PERCENT;

/** The weight of each server of an arm. */
export interface ArmWeights {
  readonly stable: number;
  readonly candidate: number;
}

/** How many servers each arm has. */
export type ServerCounts = ArmWeights;

/**
 * The weights with which the candidate's servers together get exactly this share, or null where HAProxy's weights
 * (whole numbers up to 256) cannot say it.
 */
export function weightsOfShare(sharePercent: number, servers: ServerCounts): ArmWeights | null {
  const share = Math.round(sharePercent * PARTS_OF_A_PERCENT);
  const isSayable = Math.abs(share - sharePercent * PARTS_OF_A_PERCENT) < 1e-6 && share >= 0 && share <= ALL;
  if (!isSayable) return null;
  const candidate = share * servers.stable;
  const stable = (ALL - share) * servers.candidate;
  const divisor = greatestCommonDivisor(stable, candidate);
  const reduced = { stable: stable / divisor, candidate: candidate / divisor };
  if (Math.max(reduced.stable, reduced.candidate) > MAX_WEIGHT) return null;
  // One sum for whole percents: a weight that changes before the other then leaves the share between old and new.
  const sum = reduced.stable + reduced.candidate;
  const factor = 100 % sum === 0 ? 100 / sum : 1;
  return { stable: reduced.stable * factor, candidate: reduced.candidate * factor };
}

function greatestCommonDivisor(one: number, other: number): number {
  return other === 0 ? one : greatestCommonDivisor(other, one % other);
}
