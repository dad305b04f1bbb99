/** One case of the study: a random mesh, its windows before, and what is asked of it with faults in it. Used by study.ts and two-faults.ts. */
import { createRandom, type Random } from "../../src/demo/simulation/random.js";
import type { IncidentEvidence, LearntBackground, WindowEvidence } from "../../src/diagnosis/incident-evidence.js";
import { playWindow, randomFault, randomMesh, type StudyFault, type StudyMesh } from "./random-mesh.js";

/** Shares of the requests that are traced. */
export const samplings = [1, 0.1, 0.01] as const;
const requestsOf: Readonly<Record<number, number>> = { 1: 150, 0.1: 700, 0.01: 1000 };
/** A fault that fewer requests meet is none. */
export const leastHit = 0.05;

/** A mesh of the study. */
export interface StudyCase {
  readonly random: Random;
  readonly sampled: number;
  /** A fault that shows: of a service that is asked in at least one of twenty requests. */
  readonly faultFor: (kind: StudyFault["kind"]) => StudyFault;
  readonly play: (faults: readonly StudyFault[]) => ReturnType<typeof playWindow>;
  readonly evidenceOf: (incident: WindowEvidence, isBurning: boolean) => IncidentEvidence;
}

/** The name a fault's service is told by. */
export function nameOf({ service }: StudyFault): string {
  return `service-${service}`;
}

/** The case of a number; the same each time. */
export function studyCase(studySeed: number, number: number): StudyCase {
  const seed = studySeed * 100_000 + number;
  const random = createRandom(seed, "case");
  const mesh = randomMesh(random);
  const sampled = samplings[number % 3] ?? 1;
  const requests = requestsOf[sampled] ?? 200;
  const baselines = [0, 1, 2].map((n) =>
    playWindow(mesh, [], { requests, sampled, fromMs: 1e12 + n * 3.6e6, seed: seed * 10 + n }),
  );
  return {
    random,
    sampled,
    faultFor: (kind) => {
      const possible = [...visitsOf(kind, mesh, baselines[0])]
        .filter(([, calls]) => calls >= requests / 20)
        .map(([at]) => at);
      const service = possible[Math.floor(random.next() * possible.length)] ?? Math.min(1, mesh.services.length - 1);
      return randomFault(kind, service, random);
    },
    play: (faults) => playWindow(mesh, faults, { requests, sampled, fromMs: 1e12 + 4 * 3.6e6, seed: seed * 10 + 5 }),
    evidenceOf: (incident, isBurning) => ({
      service: mesh.services[0]?.ref ?? null,
      objective: null,
      onsetMs: isBurning ? incident.window.fromMs : null,
      incident,
      baselines,
      background: backgroundOf(mesh, seed),
      changes: null,
      missing: [],
    }),
  };
}

/** Calls into each service at which such a fault can show. */
function visitsOf(
  kind: StudyFault["kind"],
  mesh: StudyMesh,
  window: WindowEvidence | undefined,
): ReadonlyMap<number, number> {
  const visits = new Map<number, number>();
  for (const { source, destination, reporter, requestCount } of window?.edges ?? []) {
    if (reporter !== "DESTINATION" || source === null || destination.kind !== "SERVICE") continue;
    const at = Number(destination.service.name.slice(8));
    const operations = mesh.services[at]?.operations ?? [];
    if (kind === "slow database" && !operations.some(({ databaseMs }) => databaseMs !== null)) continue;
    const isCalling = operations.some(({ calls }) => calls.length > 0);
    if ((kind === "wrong value" || kind === "early return") && !isCalling) continue;
    visits.set(at, (visits.get(at) ?? 0) + requestCount);
  }
  return visits;
}

/** What a day of metrics tells: many requests, none of them traced. */
function backgroundOf(mesh: StudyMesh, seed: number): readonly LearntBackground[] {
  const { edges } = playWindow(mesh, [], { requests: 2_000, sampled: 0, fromMs: 9e11, seed: seed * 10 + 6 });
  return (edges ?? []).flatMap(({ source, destination, reporter, requestCount, failedCount, durationSumMs }) =>
    reporter !== "SOURCE" || source === null || destination.kind !== "SERVICE"
      ? []
      : {
          source,
          destination: destination.service,
          stepMs: 86_400_000,
          steps: [{ requestCount, failedCount, durationSumMs }],
          errorLines: null,
        },
  );
}
