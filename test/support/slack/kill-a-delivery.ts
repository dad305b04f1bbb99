/** Kills a process with SIGKILL while it tells Slack of an incident, starts it again, and says what of it arrived. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repositoryRoot } from "../repository-root.js";
import { judgeChannel, type Told } from "./delivery-story.js";
import { startSlackStandIn } from "./stand-in.js";

/** When a process is killed: before or after its so-manieth call takes effect, or so long after its start. */
export type Kill = { readonly atStep: number } | { readonly afterMs: number };

/** What came of it. */
export interface KilledDelivery extends Told {
  readonly kills: number;
}

const program = join(repositoryRoot, "dist/test/support/slack/deliver-until-killed.js");

/** Plays an incident over processes that are killed as planned, the last of which lives. */
export async function killADelivery(plan: readonly Kill[]): Promise<KilledDelivery> {
  const folder = await mkdtemp(join(tmpdir(), "meshlens-killed-"));
  let child: ChildProcess | null = null;
  let [steps, kills] = [0, 0];
  const isKilled = () => child?.killed === true;
  const slack = await startSlackStandIn({
    isCallerDead() {
      steps += 1;
      const next = plan[kills];
      if (next !== undefined && "atStep" in next && steps === next.atStep) child?.kill("SIGKILL");
      return isKilled();
    },
  });
  try {
    const firedAt = String(Date.now());
    for (;;) {
      steps = 0;
      const given = [program, `file:${join(folder, "meshlens.db")}`, slack.apiUrl, slack.token, firedAt];
      const running = spawn(process.execPath, given, { stdio: ["ignore", "ignore", "inherit"] });
      child = running;
      const next = plan[kills];
      const timer =
        next !== undefined && "afterMs" in next ? setTimeout(() => running.kill("SIGKILL"), next.afterMs) : null;
      const [code] = (await once(running, "exit")) as [number | null];
      if (timer !== null) clearTimeout(timer);
      if (code === 0) break;
      if (code !== null) throw new Error(`the process ended with code ${code}`);
      kills += 1;
    }
    return { ...judgeChannel(slack.workspace.channels[0]?.messages ?? []), kills };
  } finally {
    await slack.close();
    await rm(folder, { recursive: true });
  }
}
