/** The stages of a canary, named by the share of the traffic that it gets, in percent. */
export const CANARY_STAGES = ["1", "5", "25", "50", "100"] as const;
export type CanaryStage = (typeof CANARY_STAGES)[number];
