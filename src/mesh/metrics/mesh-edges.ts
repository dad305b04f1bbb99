/** Edges from counted rows: which rows make one edge, whose view it is, which are idle or repeat another. Pure. */

import type { Visibility } from "../../telemetry/visibility.js";
import type { MeshEdge } from "../mesh.js";
import type { EdgeRows } from "./edge-traffic.js";
import { edgeVolume } from "./edge-traffic.js";
import { edgeKey, type PlacedRow } from "./measure-table.js";
import { asSeenBy, isEdgeVisible, type PlacedNode } from "./place-node.js";

/** One edge with the rows behind it. */
export interface DrawnEdge extends EdgeRows {
  /** Unique among the edges of an answer. */
  readonly key: string;
  readonly source: PlacedNode;
  readonly destination: PlacedNode;
  readonly protocol: MeshEdge["protocol"];
  readonly reporter: MeshEdge["reporter"];
  readonly volume: number;
  /** Keys of the true ends, for quantiles; several where hidden ends fell together. */
  readonly trueKeys: readonly (readonly [source: string, destination: string])[];
}

type EdgeDraft = Pick<DrawnEdge, "key" | "source" | "destination" | "protocol"> & {
  readonly [role in keyof EdgeRows]: PlacedRow[];
} & { readonly trueKeys: (readonly [source: string, destination: string])[] };

/** Edges with traffic, heaviest first, as the caller may see them. */
export function drawEdges(
  callers: readonly PlacedRow[],
  server: readonly PlacedRow[],
  traffic: readonly PlacedRow[],
  visibility: Visibility,
): readonly DrawnEdge[] {
  const pairOf = ({ source, destination }: PlacedRow) => edgeKey(source.node.key, destination.node.key, "");
  const requestPairs = new Set(callers.filter(({ values }) => (values[0] ?? 0) > 0).map(pairOf));
  // A layer-4 row of a pair whose requests are counted above it shows the same calls again: Linkerd's transport counters and ztunnels'.
  const ownTraffic = traffic.filter((row) => !row.row.mayCarryRequests || !requestPairs.has(pairOf(row)));
  const drafts = new Map<string, EdgeDraft>();
  function draw(row: PlacedRow, role: keyof EdgeRows): void {
    if (!isEdgeVisible(visibility, row.source, row.destination)) return;
    const source = asSeenBy(visibility, row.source);
    const destination = asSeenBy(visibility, row.destination);
    const key = edgeKey(source.node.key, destination.node.key, row.row.protocol);
    let draft = drafts.get(key);
    if (draft === undefined) {
      // The callers' view holds these calls too, under the workload's name where its own proxy told of them.
      if (role === "server" && row.row.isSourceAccount === true) return;
      draft = {
        key,
        source,
        destination,
        protocol: row.row.protocol,
        callers: [],
        server: [],
        traffic: [],
        trueKeys: [],
      };
      drafts.set(key, draft);
    }
    draft[role].push(row);
    const ends = [row.source.node.key, row.destination.node.key] as const;
    if (!draft.trueKeys.some(([from, to]) => from === ends[0] && to === ends[1])) draft.trueKeys.push(ends);
  }
  for (const row of callers) draw(row, "callers");
  for (const row of server) draw(row, "server");
  for (const row of ownTraffic) draw(row, "traffic");

  const edges: DrawnEdge[] = [];
  for (const draft of drafts.values()) {
    const volume = edgeVolume(draft);
    if (volume > 0) edges.push({ ...draft, volume, reporter: mainReporter(draft) });
  }
  return edges.sort((a, b) => b.volume - a.volume || (a.key < b.key ? -1 : 1));
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
