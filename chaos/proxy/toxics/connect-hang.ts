import { connectToxic } from "./toxic-type.ts";

/** Accepts new connections and never answers: a server that accepts while its workers are stuck. */
export const connectHang = connectToxic({
  type: "connect_hang",
  summary: "accepts new connections but never answers them",
  attributes: {},
  closesListener: false,
  connect: () => ({ kind: "hang" }),
});
