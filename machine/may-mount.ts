/** Whether this user may mount a file system here: root on Linux. A container may forbid it nevertheless. */
export function mayMount(): boolean {
  return process.platform === "linux" && process.getuid?.() === 0;
}
