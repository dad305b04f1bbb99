/** A fixed share of a core for a process, as a container with a CPU limit has it: a control group with a quota. Linux, as root. */
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A process's share; `end` once the process is gone. */
export interface CpuShare {
  end(): void;
}

const periodUs = 100_000;
let made = 0;

/**
 * Gives the process and its threads so much of a core.
 * @throws Error where this machine lets us make no control group
 */
export function limitCpu(pid: number, cores: number): CpuShare {
  made += 1;
  const name = `meshlens-bench-${process.pid}-${made}`;
  const quotaUs = Math.round(cores * periodUs);
  const ofOne = "/sys/fs/cgroup/cpu";
  const isOne = existsSync(join(ofOne, "cpu.cfs_quota_us"));
  const group = join(isOne ? ofOne : "/sys/fs/cgroup", name);
  mkdirSync(group);
  if (isOne) {
    writeFileSync(join(group, "cpu.cfs_period_us"), String(periodUs));
    writeFileSync(join(group, "cpu.cfs_quota_us"), String(quotaUs));
  } else {
    writeFileSync("/sys/fs/cgroup/cgroup.subtree_control", "+cpu");
    writeFileSync(join(group, "cpu.max"), `${quotaUs} ${periodUs}`);
  }
  writeFileSync(join(group, "cgroup.procs"), String(pid));
  return { end: () => rmdirSync(group) };
}
