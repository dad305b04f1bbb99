/** What the rows of the `grafana` root are about: a range and a choice of services. Used by its resolvers and by the checks before execution. */
import { gridWindow } from "../grafana/grafana-window.js";
import type { MeshKind, MeshReader, MeshService, Pillar, ServiceSelection } from "../mesh/mesh.js";
import type { TimeWindow } from "../telemetry/time-window.js";
import type { InputProblem } from "./bad-input.js";
import type { GraphqlContext } from "./context.js";
import { isRangeProblem, type RangeProblem, type RangeTerms, resolveRange } from "./range.js";

/** Range and choice; null is no choice. */
export interface GrafanaScope {
  readonly window: TimeWindow;
  readonly mesh: MeshKind | null;
  readonly cluster: string | null;
  readonly namespace: string | null;
}

const meshes: Readonly<Record<string, MeshKind>> = { istio: "ISTIO", linkerd: "LINKERD", otel: "OTEL", envoy: "ENVOY" };

/** The choice made by an argument; null for everything. */
export function chosen(argument: string | null | undefined): string | null {
  return argument || null;
}

/** The window that `from` and `to` mean, or why they mean none. */
export function grafanaWindow(
  { from, to }: { readonly from?: unknown; readonly to?: unknown },
  terms: RangeTerms,
): TimeWindow | RangeProblem {
  const window = gridWindow(instant(from), instant(to), terms.nowMs);
  const result = resolveRange({ absolute: { from: window.fromMs, to: window.toMs } }, terms);
  return isRangeProblem(result) ? { ...result, at: [result.at.at(-1) === "from" ? "from" : "to"] } : result;
}

/** Why a mesh is none that can be told apart; null for all or one of ours. */
export function meshProblem(value: unknown): InputProblem | null {
  const mesh = chosen(value as string | null | undefined);
  if (mesh === null || Object.hasOwn(meshes, mesh.toLowerCase())) return null;
  return { what: "There is no such mesh.", remedy: `Give one of ${Object.keys(meshes).join(", ")}, or "" for all.` };
}

/** The window of arguments that are checked. */
export function scopeWindow(args: Parameters<typeof grafanaWindow>[0], terms: RangeTerms): TimeWindow {
  const window = grafanaWindow(args, terms);
  if (isRangeProblem(window)) throw new RangeError(`${window.what} ${window.remedy}`);
  return window;
}

/** The arguments of the root with their scalars read. */
export interface GrafanaArguments {
  readonly from?: number | null;
  readonly to?: number | null;
  readonly mesh?: string | null;
  readonly cluster?: string | null;
  readonly namespace?: string | null;
}

/** The scope of arguments that are checked. */
export function scopeOf(context: Pick<GraphqlContext, "rangeTerms">, args: GrafanaArguments): GrafanaScope {
  return {
    window: scopeWindow(args, context.rangeTerms),
    mesh: meshes[(args.mesh ?? "").toLowerCase()] ?? null,
    cluster: chosen(args.cluster),
    namespace: chosen(args.namespace),
  };
}

/** The scope as a selection of services. */
export function selectionOfScope({ mesh, cluster, namespace }: GrafanaScope): ServiceSelection {
  return {
    clusters: cluster === null ? null : [cluster],
    namespaces: namespace === null ? null : [namespace],
    nameContains: null,
    meshes: mesh === null ? null : [mesh],
  };
}

/** Services of the scope; with a name those of that name, wherever it stands. One upstream question. */
export async function servicesOfScope(
  reader: MeshReader,
  scope: GrafanaScope,
  name: string | null,
): Promise<Pillar<readonly MeshService[]>> {
  const pillar = await reader.listServices(scope.window, selectionOfScope(scope));
  if (pillar.value === null || name === null) return pillar;
  const named = pillar.value.filter(({ ref }) => ref.name === name);
  // A service without metrics is in no list, but its logs and traces may be there.
  if (named.length > 0 || scope.namespace === null || scope.mesh !== null) return { ...pillar, value: named };
  const wanted = { cluster: scope.cluster, namespace: scope.namespace, name };
  const found = await reader.findService(wanted, scope.window);
  return { ...pillar, value: found === null ? [] : [found] };
}

function instant(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
