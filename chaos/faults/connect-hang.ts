import { connectHang as toxic } from "../proxy/toxics/connect-hang.ts";
import { toxicFault } from "./toxic-fault.ts";

/** New connections are accepted but never answered: the workers behind the accept queue are stuck. */
export const connectHang = toxicFault({
  kind: "connect-hang",
  toxic,
  summary: "new connections are accepted but never answered",
  healing: "The toxic is removed. Connections that hang are connected at once.",
  effect: () => "connects hang",
});
