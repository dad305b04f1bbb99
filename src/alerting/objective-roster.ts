/** Which objectives there are now: those of the files, and the defaults of every service of the mesh that has none of its own. Called by the loop. */
import type { ServiceRefInput } from "../mesh/mesh.js";
import { type DefaultsConfig, defaultObjectives } from "../slo/default-objectives.js";
import type { Objective } from "../slo/objective.js";
import { type ServiceRef, serviceKey } from "../telemetry/service-ref.js";
import type { CallOptions } from "../telemetry/source.js";
import type { Roster } from "./evaluator.js";

/** The services of the mesh as far as they are known. */
export interface ListedServices {
  readonly services: readonly ServiceRef[];
  /** Whether every source answered whole. */
  readonly isComplete: boolean;
}

/** What a roster is made of. */
export interface RosterDeps {
  /** Of the files, and of objects of a cluster; another list when they are others. */
  readonly own: () => readonly Objective[];
  /** Whether one that is not among them is gone; left out: it is. */
  readonly isOwnComplete?: () => boolean;
  readonly defaults: DefaultsConfig | undefined;
  /** Services with traffic of late; never rejects. */
  readonly listServices: (nowMs: number, options: CallOptions) => Promise<ListedServices>;
  /** Services with open incidents: their objectives stay, whatever has become of them. */
  readonly withIncidents: () => readonly ServiceRef[];
  /** The cluster of a service that nobody has seen. */
  readonly fallbackCluster: string;
}

/** The roster. */
export interface ObjectiveRoster {
  at(nowMs: number, options: CallOptions): Promise<Roster>;
  /** Services that another copy has seen. */
  learn(services: readonly ServiceRef[]): void;
  /** The service an objective names; where it names no cluster, the one that was seen. */
  serviceOf(service: ServiceRefInput): ServiceRef;
}

const relistMs = 60_000;
/** A service keeps its default objectives this long after it was seen last: its vanishing is what they are to tell. */
const rememberedMs = 86_400_000;

/** A roster that has not looked yet. */
export function createObjectiveRoster(deps: RosterDeps): ObjectiveRoster {
  const { defaults, isOwnComplete = () => true } = deps;
  const seen = new Map<string, { readonly ref: ServiceRef; readonly atMs: number }>();
  const byName = new Map<string, ServiceRef>();
  let listedAtMs = Number.NEGATIVE_INFINITY;
  let isComplete = false;
  let known: {
    readonly names: string;
    readonly own: readonly Objective[];
    readonly objectives: readonly Objective[];
  } | null = null;

  function remember(ref: ServiceRef, atMs: number): void {
    seen.set(serviceKey(ref), { ref, atMs });
    byName.set(nameOf(ref), ref);
  }

  return {
    async at(nowMs, options) {
      if (Math.abs(nowMs - listedAtMs) >= relistMs) {
        const listed = await deps.listServices(nowMs, options);
        isComplete = listed.isComplete;
        if (isComplete) listedAtMs = nowMs;
        for (const ref of listed.services) remember(ref, nowMs);
      }
      for (const ref of deps.withIncidents()) remember(ref, nowMs);
      for (const [key, { atMs }] of seen) if (nowMs - atMs > rememberedMs) seen.delete(key);
      const names = [...seen.keys()].sort();
      const joined = names.join("\n");
      const own = deps.own();
      if (known?.names !== joined || known.own !== own) {
        const services = names.flatMap((key) => seen.get(key)?.ref ?? []);
        known = { names: joined, own, objectives: [...own, ...defaultObjectives(defaults, services, own)] };
      }
      return { objectives: known.objectives, isComplete: isOwnComplete() && (isComplete || defaults === undefined) };
    },

    learn(services) {
      for (const ref of services) byName.set(nameOf(ref), ref);
    },

    serviceOf: ({ cluster, namespace, name }) => ({
      cluster: cluster ?? byName.get(nameOf({ namespace, name }))?.cluster ?? deps.fallbackCluster,
      namespace,
      name,
    }),
  };
}

function nameOf({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return serviceKey({ cluster: "", namespace, name });
}
