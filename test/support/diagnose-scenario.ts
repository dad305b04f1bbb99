/** A scenario of the demo diagnosed: the embedded mesh plays it after a calm, then who burned is asked about. Used by its end-to-end test. */
import { diagnoseIncident } from "../../src/alerting/diagnosing/gather-incident.js";
import { createDemo } from "../../src/demo/create-demo.js";
import { bookinfoWithShop } from "../../src/demo/meshes/join-meshes.js";
import type { Diagnosis } from "../../src/diagnosis/diagnosis.js";
import { createMesh } from "../../src/mesh/create-mesh.js";
import { noClusterNames } from "../../src/mesh/identity/cluster-name.js";
import { noLinkTargets } from "../../src/mesh/links/link-targets.js";
import type { TimeWindow } from "../../src/telemetry/time-window.js";
import { seeAll } from "../../src/telemetry/visibility.js";

const minuteMs = 60_000;
/** Noon of a Tuesday in UTC. */
const startMs = Date.UTC(2026, 4, 12, 12);

const never = new AbortController().signal;

/** What is said of one service. */
export interface ScenarioDiagnosis {
  readonly diagnosis: Diagnosis;
  readonly upstreamCalls: readonly string[];
}

/** A mesh after 30 minutes of calm, at the instant a scenario begins; it plays on when told to. */
export async function beginScenario(scenario: string) {
  let nowMs = startMs;
  const clock = { nowMs: () => nowMs };
  const demo = createDemo({ mesh: bookinfoWithShop, proxies: "istio", seed: 7, startMs, clock });
  const playTo = async (untilMs: number): Promise<void> => {
    for (; nowMs < untilMs; nowMs += minuteMs) await demo.stage.play(nowMs + minuteMs, never);
  };
  await playTo(startMs + 30 * minuteMs);
  demo.switchTo(scenario, nowMs);
  const begunMs = nowMs;
  const { metrics, traces, logs, workloads } = demo.backends;
  const sources = {
    metricSources: [metrics],
    traceSources: [traces],
    logSources: [logs],
    workloadSources: [workloads],
  };
  /** Plays until so many minutes after the beginning; the last 15 minutes are the window of an incident. */
  const playUntil = async (minutes: number): Promise<TimeWindow> => {
    await playTo(begunMs + minutes * minuteMs);
    return { fromMs: nowMs - 15 * minuteMs, toMs: nowMs };
  };
  return { sources, clock, playUntil };
}

/** The mesh six minutes after a scenario began. */
export async function playedMesh(scenario: string) {
  const { sources, clock, playUntil } = await beginScenario(scenario);
  return { sources, clock, window: await playUntil(6) };
}

/** Plays it and asks as an incident does. @param services as `namespace/name` */
export async function diagnoseScenario(
  scenario: string,
  services: readonly string[],
): Promise<readonly ScenarioDiagnosis[]> {
  const { sources, clock, window } = await playedMesh(scenario);
  return diagnoseServices({ sources, clock, window, isBurning: false }, services);
}

/** Asks about services of a mesh. */
export async function diagnoseServices(
  { sources, clock, window, isBurning }: Awaited<ReturnType<typeof playedMesh>> & { readonly isBurning: boolean },
  services: readonly string[],
): Promise<readonly ScenarioDiagnosis[]> {
  const mesh = createMesh({ ...sources, clock, clusters: noClusterNames, links: noLinkTargets, dialect: null });
  const answers: ScenarioDiagnosis[] = [];
  for (const service of services) {
    const upstreamCalls: string[] = [];
    const reader = mesh.reader({
      visibility: seeAll,
      signal: never,
      deadlineMs: clock.nowMs() + minuteMs,
      onUpstreamCall: ({ source, operation, isShared }) => {
        if (!isShared) upstreamCalls.push(`${source} ${operation}`);
      },
    });
    const [namespace = "", name = ""] = service.split("/");
    const ref = await reader.findService({ cluster: null, namespace, name }, window);
    if (ref === null) throw new Error(`${service} is not known`);
    const question = {
      service: ref.ref,
      objective: null,
      isDeniedFailed: true,
      isBurning,
      window,
      baselines: null,
    };
    answers.push({ diagnosis: await diagnoseIncident(question, reader), upstreamCalls });
  }
  return answers;
}
