import { type Ending, isEnding } from "../flow-item.ts";
import { HoldQueue, toTimerMs } from "../hold-queue.ts";
import type { Stage, StageHost } from "../stage.ts";

/**
 * Passes nothing, and ends the connection after a time: shared by `timeout` and `reset_peer`. With
 * `endsAfterMs` undefined it stays silent until the toxic is removed. Held bytes are delivered then.
 */
export function startSilentStage<A>(
  host: StageHost,
  ending: Ending,
  initialEndsAfterMs: number | undefined,
  readEndsAfterMs: (attributes: A) => number | undefined,
): Omit<Stage, "update"> & { update(attributes: A): void } {
  const startedAtMs = host.clock.monotonicMs();
  let timer: NodeJS.Timeout | undefined;
  const queue = new HoldQueue({
    clock: host.clock,
    loop: host.loop,
    emit: (item) => host.emit(item),
    dueAtMs: () => Number.POSITIVE_INFINITY,
  });
  const stop = () => {
    clearTimeout(timer);
    timer = undefined;
  };
  const arm = (endsAfterMs: number | undefined) => {
    stop();
    if (endsAfterMs === undefined) return;
    const waitMs = startedAtMs + endsAfterMs - host.clock.monotonicMs();
    // Never within the call that starts the stage: the chain is complete only when that returns.
    timer = setTimeout(() => (waitMs > 0 ? arm(endsAfterMs) : finish()), waitMs > 0 ? toTimerMs(waitMs) : 0);
  };
  const finish = () => {
    queue.discard();
    host.bite(0);
    host.emit(ending);
  };
  arm(initialEndsAfterMs);
  return {
    get heldBytes() {
      return queue.heldBytes;
    },
    push(item) {
      host.bite(isEnding(item) ? 0 : item.length);
      queue.add(item);
    },
    update: (attributes) => arm(readEndsAfterMs(attributes)),
    release() {
      stop();
      queue.release();
    },
    discard() {
      stop();
      queue.discard();
    },
  };
}
