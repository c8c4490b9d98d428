import { type FaultInput, faultSchema } from "../../chaos/index.ts";
import { LINK_PROTOCOLS, type LinkName } from "../../lab/index.ts";

/** Checks faults on the links of a lab, where they can act, and adds their defaults. */
export const LAB_FAULT_SCHEMA = faultSchema(LINK_PROTOCOLS);

/** A fault on a link of a lab, as a user writes it. */
export type LabFaultInput = FaultInput<LinkName>;
