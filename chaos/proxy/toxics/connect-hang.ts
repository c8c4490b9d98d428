import { connectToxic } from "./toxic-type.ts";

/** Accepts new connections and never answers: a server whose accept queue is served and whose workers are stuck. */
export const connectHang = connectToxic({
  type: "connect_hang",
  summary: "accepts new connections and never answers them",
  attributes: {},
  closesListener: false,
  meet: () => ({ kind: "hang" }),
});
