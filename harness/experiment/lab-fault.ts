import { type FaultInput, faultSchema } from "../../chaos/index.ts";
import { LINK_PROTOCOLS, type LinkName } from "../../lab/index.ts";

/** Checks and completes faults on the links of a lab, where they can act. */
export const LAB_FAULT_SCHEMA = faultSchema(LINK_PROTOCOLS);

/** A fault on a link of a lab, as a person writes it. */
export type LabFaultInput = FaultInput<LinkName>;
