import { TOXIC_TYPES } from "../../../chaos/proxy/toxics/registry.ts";

/** A toxic of every type, with attributes of which each type takes some. */
export const TOXIC_SHAPES = [...TOXIC_TYPES.keys()].map((type) => ({
  ...{ type, name: "t", stream: "downstream", toxicity: 1 },
  attributes: {
    latency: 5,
    jitter: 1,
    rate: 10,
    pattern: "a+",
    status: 503,
    bytes: 10,
    count: 1,
    every: 2,
    timeout: 5,
  },
}));
