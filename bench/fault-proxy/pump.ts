import type { Socket } from "node:net";
import { BULK_BLOCK_BYTES } from "./load-task.ts";

const BLOCK = Buffer.alloc(BULK_BLOCK_BYTES, 0x58);

/** Writes this many bytes to the socket, no faster than it accepts them. */
export function pump(socket: Socket, bytes: number): void {
  let leftBytes = bytes;
  const write = () => {
    while (leftBytes > 0) {
      const block = leftBytes < BLOCK.length ? BLOCK.subarray(0, leftBytes) : BLOCK;
      leftBytes -= block.length;
      if (!socket.write(block)) break;
    }
    if (leftBytes > 0) socket.once("drain", write);
  };
  write();
}
