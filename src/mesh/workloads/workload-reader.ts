/** The health-and-changes part of MeshReader; create-mesh.ts joins it with the others. One reader serves one request. */
import DataLoader from "dataloader";
import { groupBy } from "../../telemetry/group-by.js";
import { type ServiceRef, serviceKey } from "../../telemetry/service-ref.js";
import type { CallOptions } from "../../telemetry/source.js";
import type { TimeWindow } from "../../telemetry/time-window.js";
import { canSee } from "../../telemetry/visibility.js";
import type { NamespacedName, WorkloadAnswer, WorkloadSource } from "../../telemetry/workload-source.js";
import { callOptions } from "../evidence/evidence-deps.js";
import type { MeshReader, Pillar, ReadContext } from "../mesh.js";
import { askSources, notConfigured, pillarOf } from "../pillar.js";
import { joinChanges } from "./join-changes.js";
import { joinHealth } from "./join-health.js";
import { sourcesFor, type WorkloadDeps } from "./workload-deps.js";

/** The methods this part answers. */
export type WorkloadReader = Pick<MeshReader, "health" | "changes">;

/** Upstream calls: one per source for the health of all services of a tick, one per source and window for their changes. */
export function createWorkloadReader(deps: WorkloadDeps, context: ReadContext): WorkloadReader {
  const { visibility } = context;

  /** One question for many services: those of the same sources are asked together. */
  async function readMany<A, T>(
    refs: readonly ServiceRef[],
    ask: (source: WorkloadSource, names: readonly NamespacedName[], own: CallOptions) => Promise<WorkloadAnswer<A>>,
    join: (answers: readonly A[], ref: ServiceRef, nth: number) => T,
  ): Promise<readonly Pillar<T>[]> {
    const pillars = new Map<ServiceRef, Pillar<T>>();
    const groups = groupBy(refs, (ref) => JSON.stringify(sourcesFor(ref, deps).map(({ name }) => name)));
    await Promise.all(
      [...groups.values()].map(async (group) => {
        const [first] = group;
        const sources = first === undefined ? [] : sourcesFor(first, deps);
        const names = group.map(({ namespace, name }) => ({ namespace, name }));
        const asked = await askSources(sources, callOptions(context), deps.clock, (source, own) =>
          ask(source, names, own),
        );
        for (const [nth, ref] of group.entries()) {
          const noSource = () => notConfigured("kubernetes", whatIsMissing(ref));
          const joined = () =>
            pillarOf(asked, (answers) =>
              join(
                answers.map(({ value }) => value),
                ref,
                nth,
              ),
            );
          pillars.set(ref, sources.length === 0 ? noSource() : joined());
        }
      }),
    );
    return refs.flatMap((ref) => pillars.get(ref) ?? []);
  }

  function whatIsMissing({ cluster }: ServiceRef): string {
    return deps.workloadSources.length === 0 ? "workloads" : `workloads of cluster "${cluster}"`;
  }

  const health = new DataLoader(
    (refs: readonly ServiceRef[]) =>
      readMany(
        refs,
        (source, names, own) => source.health(names, own),
        (answers, _, nth) => joinHealth(answers.flatMap((answer) => answer[nth] ?? [])),
      ),
    { cacheKeyFn: serviceKey },
  );

  const loaders = new Map<string, DataLoader<ServiceRef, Pillar<ReturnType<typeof joinChanges>>, string>>();
  const changesIn = (window: TimeWindow) => {
    const key = `${window.fromMs} ${window.toMs}`;
    const known = loaders.get(key);
    if (known !== undefined) return known;
    const made = new DataLoader(
      (refs: readonly ServiceRef[]) =>
        readMany(
          refs,
          (source, names, own) => source.changes(names, window, own),
          (answers, ref) => joinChanges(answers, ref, visibility),
        ),
      { cacheKeyFn: serviceKey },
    );
    loaders.set(key, made);
    return made;
  };

  const unseen = { value: null, sources: [], errors: [] };
  return {
    health: async (ref) => (canSee(visibility, ref.namespace) ? health.load(ref) : unseen),
    changes: async (ref, window) => (canSee(visibility, ref.namespace) ? changesIn(window).load(ref) : unseen),
  };
}
