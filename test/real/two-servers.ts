/** Two whole servers in one process on one PostgreSQL, over the same mesh at the same fast clock. Used by copies-surfaces.test.ts. */
import { setTimeout as delay } from "node:timers/promises";
import { loadConfig } from "../../src/config/load-config.js";
import { composeOver } from "../../src/server/compose.js";
import { neverBehind } from "../../src/server/loop-delay.js";
import { type RunningServer, startServer } from "../../src/server/start-server.js";
import { createWeatheredMesh, startMs } from "../alerting/evaluated-mesh.js";
import { copyLeaseTimes, scrapedWhenAsked, spedClock, weatherOf } from "../support/copies/sped-clock.js";
import { startSlackStandIn } from "../support/slack/stand-in.js";
import { writeConfig } from "../support/start-configured.js";

/** What a GraphQL server answers. */
export type Answer = { readonly data?: Readonly<Record<string, unknown>>; readonly errors?: readonly unknown[] };

/** The servers: the first leads. */
export async function startTwoServers(url: string, speed: number) {
  const clock = spedClock(Date.now(), speed);
  const slack = await startSlackStandIn({ nowMs: clock.nowMs });
  const yaml = `server: { port: 0, logLevel: silent }
slo: { defaults: { availability: { target: 0.999, window: 30d } } }
store: { url: "${url}" }
slack: { token: ${slack.token}, channel: "#mesh-alerts", apiUrl: "${slack.apiUrl.replace(/\/$/, "")}" }
`;
  async function start(): Promise<RunningServer> {
    const mesh = createWeatheredMesh(weatherOf(60));
    const loaded = loadConfig(writeConfig(yaml), {});
    const plugged = {
      metricSources: [scrapedWhenAsked(mesh, clock)],
      traceSources: [],
      logSources: [],
      workloadSources: [],
    };
    return startServer(loaded, {
      loopDelay: neverBehind,
      clock,
      composition: await composeOver(loaded, clock, plugged),
      environment: {},
      // None ends by time: a machine that stood still would make the other one lead.
      leaseTimes: { ...copyLeaseTimes, ttlMs: 60_000 },
      pause: async (ms, signal) => {
        await delay(ms / speed, undefined, { signal }).catch(() => {});
      },
    });
  }
  const leader = await start();
  const follower = await start();
  return {
    leader,
    follower,
    slack,
    minute: () => (clock.nowMs() - startMs) / 60_000,
    async ask({ url: at }: RunningServer, query: string, variables: object = {}): Promise<Answer> {
      const headers = { "content-type": "application/json" };
      const body = JSON.stringify({ query, variables });
      const response = await fetch(`${at}/graphql`, { method: "POST", headers, body });
      return (await response.json()) as Answer;
    },
    async close() {
      await Promise.all([leader.stop("over"), follower.stop("over")]);
      await slack.close();
    },
  };
}
