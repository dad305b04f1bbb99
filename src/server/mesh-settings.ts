/** The mesh room's settings, read from the configuration. Used by compose.ts. */
import type { MeshlensConfig } from "../config/config-schema.js";
import type { MeshDeps } from "../mesh/create-mesh.js";
import type { MeshKind } from "../mesh/mesh.js";

const kinds: Readonly<Record<MeshlensConfig["mesh"]["dialect"], MeshKind | null>> = {
  auto: null,
  istio: "ISTIO",
  linkerd: "LINKERD",
  envoy: "ENVOY",
  otel: "OTEL",
};

/** Clusters, dialect and where links lead. Where one cluster is configured it is every record's that does not say otherwise. */
export function meshSettings(config: MeshlensConfig): Pick<MeshDeps, "clusters" | "dialect" | "links"> {
  const { sources, mesh, links, server } = config;
  const [only, ...others] = new Set(sources.flatMap(({ cluster }) => cluster ?? []));
  return {
    clusters: { aliases: mesh.clusterAliases, fallback: others.length === 0 ? (only ?? "default") : "default" },
    dialect: kinds[mesh.dialect],
    links: {
      publicUrl: server.publicUrl ?? null,
      grafana: links.grafana ?? null,
      kibana: links.kibana ?? null,
      kibanaForm: { version: kibanaVersion(links.kibanaVersion), dataView: links.kibanaDataView ?? null },
      sources: sources.map((source) => ({
        name: source.name,
        kind: source.kind,
        baseUrl: source.kind === "kubernetes" ? null : (source.linkUrl ?? source.url),
      })),
    },
  };
}

function kibanaVersion(major: number): 7 | 8 | 9 {
  return major === 7 || major === 9 ? major : 8;
}
