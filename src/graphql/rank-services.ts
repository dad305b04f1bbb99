/** Rankings of services: what `services(top:)` answers. */
import type { MeshReader, Pillar } from "../mesh/mesh.js";
import type { ServiceTop } from "./generated/resolver-types.js";
import type { GoldenMeasure } from "./golden-plan.js";
import type { ServiceParent } from "./parents.js";

/** The quantile a ranking by latency looks at. */
const rankedQuantile = 0.95;

/** The measure a ranking reads of every service. */
export function rankedMeasure(by: ServiceTop["by"]): GoldenMeasure {
  if (by === "LATENCY") return { kind: "latency", view: "callers", quantile: rankedQuantile };
  return { kind: "outcome", view: "callers" };
}

/**
 * The `n` services with the largest measure; those without data are left out, equals keep their order by name. Null when no source could
 * answer: an empty ranking would say that there is no data.
 */
export async function rankServices(
  reader: MeshReader,
  services: readonly ServiceParent[],
  top: ServiceTop,
): Promise<Pillar<readonly ServiceParent[]>> {
  const scored = await Promise.all(
    services.map(async (service) => ({ service, pillar: await scoreOf(reader, service, top.by) })),
  );
  const dead = scored.find(({ pillar }) => pillar.errors.length > 0);
  if (dead !== undefined) return { ...dead.pillar, value: null };
  const value = scored
    .flatMap(({ service, pillar: { value: score } }) => (score === null ? [] : [{ service, score }]))
    .sort((a, b) => b.score - a.score)
    .slice(0, top.n)
    .map(({ service }) => service);
  return { value, sources: scored[0]?.pillar.sources ?? [], errors: [] };
}

async function scoreOf(reader: MeshReader, service: ServiceParent, by: ServiceTop["by"]): Promise<Pillar<number>> {
  const golden = reader.golden(service.ref, service.window);
  if (by === "LATENCY") return golden.latencyMs("callers", rankedQuantile);
  const pillar = await golden.outcome("callers");
  const outcome = pillar.value;
  const score =
    by === "ERROR_RATIO" ? outcome?.errorRatio : by === "FAILED_COUNT" ? outcome?.failedCount : outcome?.requestCount;
  return { ...pillar, value: score ?? null };
}
