import { readFileSync } from "node:fs";

/** Resident memory of a process, bytes. Linux only. */
export function residentBytes(pid: number): number {
  return 1024 * Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
}
