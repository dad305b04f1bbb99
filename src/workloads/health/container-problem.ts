/** What is wrong with one container, in words. Called by pod-health.ts. */
import { instantAt, numberAt, textAt, valueAt } from "../read-json.js";
import { ago, counted, oneLine } from "../say.js";
import type { Problem } from "./problem.js";
import { isProxyContainer } from "./sidecar.js";

/** A container that ended within this is still a reason to look. */
const recentMs = 600_000;
const pullReasons: ReadonlySet<string> = new Set(["ImagePullBackOff", "ErrImagePull", "InvalidImageName"]);

/** @param status an entry of containerStatuses or of a native sidecar's initContainerStatuses */
export function containerProblem(status: unknown, nowMs: number): Problem | null {
  const name = textAt(status, "name") ?? "?";
  const what = isProxyContainer(name) ? `sidecar ${name}` : `container ${name}`;
  const waiting = textAt(status, "state", "waiting", "reason");
  if (waiting === "CrashLoopBackOff") {
    const restarts = counted(numberAt(status, "restartCount") ?? 0, "restart");
    const end = endOf(status, "lastState");
    return broken(
      `${what} is in CrashLoopBackOff after ${restarts}${end === null ? "" : `, it last ended with ${end}`}`,
    );
  }
  if (waiting !== null && pullReasons.has(waiting)) {
    return broken(`${what} cannot pull its image ${textAt(status, "image") ?? "?"} (${waiting})`);
  }
  // Words for a start under way are no problem by themselves; the pod's age tells.
  if (waiting !== null && waiting !== "ContainerCreating" && waiting !== "PodInitializing") {
    const message = textAt(status, "state", "waiting", "message");
    return broken(`${what} cannot start: ${waiting}${message === null ? "" : `, ${oneLine(message)}`}`);
  }
  const ended = endOf(status, "state");
  if (ended !== null) return broken(`${what} ended with ${ended}`);
  if (valueAt(status, "state", "running") !== undefined && valueAt(status, "ready") === false) {
    if (isProxyContainer(name)) return { gravity: "weak", text: `${what} is not ready` };
    const probe = valueAt(status, "started") === false ? "startup probe has not passed" : "readiness probe fails";
    return { gravity: "weak", text: `${what} runs, but its ${probe}` };
  }
  return recentEnd(status, what, nowMs);
}

function recentEnd(status: unknown, what: string, nowMs: number): Problem | null {
  const endedAtMs = instantAt(status, "lastState", "terminated", "finishedAt");
  const restarts = numberAt(status, "restartCount") ?? 0;
  if (restarts === 0 || endedAtMs === null || nowMs - endedAtMs > recentMs) return null;
  const end = endOf(status, "lastState");
  const text = `${what} restarted ${counted(restarts, "time")}, last ${ago(endedAtMs, nowMs)}${end === null ? "" : ` after ${end}`}`;
  return { gravity: "past", text };
}

/** How a container ended: `OOMKilled (exit code 137)`; null when it did not. */
export function endOf(status: unknown, state: "state" | "lastState"): string | null {
  if (valueAt(status, state, "terminated") === undefined) return null;
  const reason = textAt(status, state, "terminated", "reason");
  const exitCode = numberAt(status, state, "terminated", "exitCode");
  // Killed without its memory being the reason: a failed liveness probe, an eviction.
  const killed = exitCode === 137 && reason !== "OOMKilled" ? ", killed from outside" : "";
  const code = exitCode === null ? "" : `exit code ${exitCode}${killed}`;
  if (reason === null) return code === "" ? "no reason given" : code;
  return code === "" ? reason : `${reason} (${code})`;
}

function broken(text: string): Problem {
  return { gravity: "broken", text };
}
