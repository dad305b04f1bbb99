/** Edges from counted rows: which rows make one edge, whose view it is, which are idle or repeat another. Pure. */

import type { Visibility } from "../../telemetry/visibility.js";
import type { MeshEdge } from "../mesh.js";
import type { EdgeRows } from "./edge-traffic.js";
import { edgeVolume } from "./edge-traffic.js";
import { mapIn, type PlacedRow } from "./measure-table.js";
import { asSeenBy, isEdgeVisible, type PlacedNode } from "./place-node.js";

/** One edge with the rows behind it. */
export interface DrawnEdge extends EdgeRows {
  readonly source: PlacedNode;
  readonly destination: PlacedNode;
  readonly protocol: MeshEdge["protocol"];
  readonly reporter: MeshEdge["reporter"];
  readonly volume: number;
  /** Keys of the true ends, for quantiles; several where hidden ends fell together. */
  readonly trueKeys: readonly (readonly [source: string, destination: string])[];
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type EdgeDraft = Writable<Pick<DrawnEdge, "volume" | "reporter">> &
  Omit<DrawnEdge, "volume" | "reporter" | "trueKeys" | keyof EdgeRows> & {
    -readonly [role in keyof EdgeRows]: PlacedRow[];
  } & { readonly trueKeys: (readonly [source: string, destination: string])[] };

const none: PlacedRow[] = [];

/** Edges with traffic, heaviest first, as the caller may see them. */
export function drawEdges(
  callers: readonly PlacedRow[],
  server: readonly PlacedRow[],
  traffic: readonly PlacedRow[],
  visibility: Visibility,
): readonly DrawnEdge[] {
  const requestPairs = createPairs<true>();
  for (const { source, destination, values } of callers) {
    if ((values[0] ?? 0) > 0) requestPairs.set(source.node.key, destination.node.key, "", true);
  }
  const drafts = createPairs<EdgeDraft>();
  const edges: EdgeDraft[] = [];
  function draw(row: PlacedRow, role: keyof EdgeRows): void {
    if (!isEdgeVisible(visibility, row.source, row.destination)) return;
    const source = asSeenBy(visibility, row.source);
    const destination = asSeenBy(visibility, row.destination);
    const { protocol } = row.row;
    let draft = drafts.get(source.node.key, destination.node.key, protocol);
    if (draft === undefined) {
      // The callers' view holds these calls too, under the workload's name where its own proxy told of them.
      if (role === "server" && row.row.isSourceAccount === true) return;
      draft = {
        source,
        destination,
        protocol,
        callers: none,
        server: none,
        traffic: none,
        trueKeys: [],
        volume: 0,
        reporter: "DESTINATION",
      };
      drafts.set(source.node.key, destination.node.key, protocol, draft);
      edges.push(draft);
    }
    // Most edges have one or two rows of a role; a list that grows by pushing has room for seventeen.
    if (draft[role].length === 0) draft[role] = [row];
    else draft[role].push(row);
    const [from, to] = [row.source.node.key, row.destination.node.key];
    if (!draft.trueKeys.some((ends) => ends[0] === from && ends[1] === to)) draft.trueKeys.push([from, to]);
  }
  for (const row of callers) draw(row, "callers");
  for (const row of server) draw(row, "server");
  for (const row of traffic) {
    // A layer-4 row of a pair whose requests are counted above it shows the same calls again: Linkerd's transport counters and ztunnels'.
    const isRepeat = row.row.mayCarryRequests && requestPairs.get(row.source.node.key, row.destination.node.key, "");
    if (!isRepeat) draw(row, "traffic");
  }
  for (const draft of edges) {
    draft.volume = edgeVolume(draft);
    draft.reporter = mainReporter(draft);
  }
  return edges.filter(({ volume }) => volume > 0).sort((a, b) => b.volume - a.volume || compareEnds(a, b));
}

function compareEnds(a: DrawnEdge, b: DrawnEdge): number {
  const order = (x: string, y: string) => (x < y ? -1 : x > y ? 1 : 0);
  return (
    order(a.source.node.key, b.source.node.key) ||
    order(a.destination.node.key, b.destination.node.key) ||
    order(a.protocol, b.protocol)
  );
}

/** Values by source, destination and protocol; nested, as putting keys together for tens of thousands of rows weighs more than the edges. */
function createPairs<T>() {
  const bySource = new Map<string, Map<string, Map<string, T>>>();
  return {
    get: (source: string, destination: string, protocol: string) =>
      bySource.get(source)?.get(protocol)?.get(destination),
    set(source: string, destination: string, protocol: string, value: T): void {
      mapIn(mapIn(bySource, source), protocol).set(destination, value);
    },
  };
}

/** The reporter of most of the callers' view; of what there is, where that view has no rows. */
function mainReporter({ callers, server, traffic }: EdgeRows): MeshEdge["reporter"] {
  const volumes = new Map<MeshEdge["reporter"], number>();
  for (const { row, values } of callers.length > 0 ? callers : traffic.length > 0 ? traffic : server) {
    volumes.set(row.reporter, (volumes.get(row.reporter) ?? 0) + (values[0] ?? 0));
  }
  const [first] = [...volumes].sort(([, a], [, b]) => b - a);
  return first?.[0] ?? "DESTINATION";
}
