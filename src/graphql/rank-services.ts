/** Rankings of services: what `services(top:)` answers. */
import type { MeshReader } from "../mesh/mesh.js";
import type { ServiceTop } from "./generated/resolver-types.js";
import type { ServiceParent } from "./parents.js";

/** The `n` services with the largest measure; those without data are left out, equals keep their order by name. */
export async function rankServices(
  reader: MeshReader,
  services: readonly ServiceParent[],
  top: ServiceTop,
): Promise<readonly ServiceParent[]> {
  const scored = await Promise.all(
    services.map(async (service) => ({ service, score: await scoreOf(reader, service, top.by) })),
  );
  return scored
    .flatMap(({ service, score }) => (score === null ? [] : [{ service, score }]))
    .sort((a, b) => b.score - a.score)
    .slice(0, top.n)
    .map(({ service }) => service);
}

async function scoreOf(reader: MeshReader, service: ServiceParent, by: ServiceTop["by"]): Promise<number | null> {
  const golden = reader.golden(service.ref, service.window);
  if (by === "LATENCY") return (await golden.latencyMs("callers", 0.95)).value;
  const outcome = (await golden.outcome("callers")).value;
  if (outcome === null) return null;
  if (by === "ERROR_RATIO") return outcome.errorRatio;
  return by === "FAILED_COUNT" ? outcome.failedCount : outcome.requestCount;
}
