import { type HaproxyArms, NetworkError, setHaproxyShare, shareCommands } from "../../../network/index.ts";
import { type TrafficSplit, TrafficSplitError } from "./traffic-split.ts";

/** Splits the traffic by the weights of HAProxy's servers, through its runtime API. */
export function haproxyTraffic(arms: HaproxyArms): TrafficSplit {
  return {
    kind: "haproxy",
    describe: (sharePercent) => pasteable(arms, sharePercent),
    setShare: async (sharePercent, signal) => {
      const change = await setHaproxyShare(arms, sharePercent, signal).catch((error: unknown) => {
        if (error instanceof NetworkError) throw balancerAway(arms, error);
        throw error;
      });
      if (change.kind === "impossible") throw notPossible(sharePercent);
      if (change.kind === "refused") throw refused(arms, sharePercent, change.received);
    },
  };
}

function pasteable(arms: HaproxyArms, sharePercent: number): string {
  const commands = shareCommands(arms, sharePercent);
  if (commands === null) throw notPossible(sharePercent);
  const { address } = arms.runtime;
  const socket = address.protocol === "unix:" ? decodeURIComponent(address.pathname) : `TCP:${address.host}`;
  return `echo '${commands.join("; ")}' | socat stdio '${socket}'`;
}

function notPossible(sharePercent: number): TrafficSplitError {
  return new TrafficSplitError("share-not-possible", {
    message: `Expected a share that HAProxy's weights (whole numbers from 0 to 256) can say, got ${sharePercent} %.`,
    nextStep: "Choose whole percents, and arms with few servers.",
  });
}

function refused({ backend }: HaproxyArms, sharePercent: number, received: string): TrafficSplitError {
  return new TrafficSplitError("share-refused", {
    message: `Expected HAProxy to give the candidate ${sharePercent} % of backend ${backend}, got: ${received}.`,
    nextStep: "Check the names of the backend and its servers, and that its socket has `level admin`.",
  });
}

function balancerAway({ runtime }: HaproxyArms, cause: NetworkError): TrafficSplitError {
  return new TrafficSplitError("balancer-away", {
    message: `Expected HAProxy's runtime API to answer at ${runtime.address.href}, got ${cause.received}.`,
    nextStep: "Check that HAProxy runs, and that this user may open its socket (`stats socket … user …`).",
    cause,
  });
}
