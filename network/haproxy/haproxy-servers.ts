import { askHaproxy, type HaproxyRuntime } from "./haproxy-runtime.ts";

/** A server of a backend, as HAProxy says it. */
export interface HaproxyServer {
  readonly name: string;
  readonly weight: number;
  /** Whether an administrator, or kanit, has taken it out: then it gets nothing, also no client that sticks to it. */
  readonly isInMaintenance: boolean;
  /** Whether HAProxy's own checks find it working. */
  readonly isUp: boolean;
  /** Whether its latest check was passed. HAProxy takes a server for up before it has checked it at all. */
  readonly hasPassedCheck: boolean;
}

const FORCED_MAINTENANCE = 1;
const STOPPED = "0";
/** `CHK_RES_PASSED` of HAProxy's management guide. */
const PASSED = "3";

/**
 * Reads the servers of a backend.
 *
 * @returns the servers, or what HAProxy said instead.
 */
export async function readServers(
  runtime: HaproxyRuntime,
  backend: string,
  signal: AbortSignal,
): Promise<readonly HaproxyServer[] | string> {
  const answer = await askHaproxy(runtime, [`show servers state ${backend}`], signal);
  const [, header, ...lines] = answer.split("\n");
  const columns = header?.replace(/^#\s*/, "").split(" ") ?? [];
  if (!columns.includes("srv_uweight")) return answer;
  const indexOf = (column: string) => columns.indexOf(column);
  return lines
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const fields = line.split(" ");
      const field = (column: string) => fields[indexOf(column)] ?? "";
      return {
        name: field("srv_name"),
        weight: Number(field("srv_uweight")),
        isInMaintenance: (Number(field("srv_admin_state")) & FORCED_MAINTENANCE) !== 0,
        isUp: field("srv_op_state") !== STOPPED,
        hasPassedCheck: field("srv_check_result") === PASSED,
      };
    });
}
