import { type FaultInput, faultSchema } from "../../chaos/index.ts";
import { LINK_NAMES, type LinkName } from "../../lab/index.ts";

/** Checks and completes faults on the links of a lab. */
export const LAB_FAULT_SCHEMA = faultSchema(LINK_NAMES);

/** A fault on a link of a lab, as a person writes it. */
export type LabFaultInput = FaultInput<LinkName>;
