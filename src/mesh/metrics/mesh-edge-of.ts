/** A drawn edge as the face of the mesh shows it: lazy signals and its traffic. Built by the metrics reader. */
import { type TimeWindow, windowSeconds } from "../../telemetry/time-window.js";
import type { EdgeTraffic, MeshEdge, RequestOutcome, View } from "../mesh.js";
import type { EdgePillar } from "./ask-edges.js";
import { edgeTraffic } from "./edge-traffic.js";
import { outcomeOfRows } from "./golden-of-rows.js";
import type { Scope } from "./measure-ask.js";
import type { MeasureLoader } from "./measure-loader.js";
import type { CountTable, LatencyTable, PlacedRow } from "./measure-table.js";
import { createGolden, noGolden } from "./measured-golden.js";
import type { DrawnEdge } from "./mesh-edges.js";

/** The edge; measures are asked for in the scope its rows came from, so that all edges of one set share each question. */
export function meshEdgeOf(
  drawn: DrawnEdge,
  scope: Scope,
  origin: EdgePillar,
  window: TimeWindow,
  loader: MeasureLoader,
  rangeMsOf: (maxPoints: number) => number,
): MeshEdge {
  const { source, destination, protocol, reporter } = drawn;
  const subject = {
    window,
    scope: () => scope,
    rows: (table: CountTable) => ownRows(drawn, table),
    latency: (table: LatencyTable) => ownLatency(drawn, table),
    absence: () => null,
  };
  return {
    source: source.node,
    destination: destination.node,
    protocol,
    reporter,
    golden:
      protocol === "TCP"
        ? noGolden("TCP_ONLY")
        : {
            ...createGolden(loader, subject, rangeMsOf),
            // The edge was drawn from these rows: nothing is left to ask.
            outcome: (view: View) => ({ ...origin, value: outcomeOnce(drawn[view]) }),
          },
    traffic: () => ({ ...origin, value: trafficOnce(drawn, window) }),
  };
}

const outcomes = new WeakMap<readonly PlacedRow[], { readonly value: RequestOutcome | null }>();

/** Worked out once per view of a drawn edge, for all fields and all requests that share the answer. */
function outcomeOnce(rows: readonly PlacedRow[]): RequestOutcome | null {
  const known = outcomes.get(rows);
  if (known !== undefined) return known.value;
  const value = outcomeOfRows(rows);
  outcomes.set(rows, { value });
  return value;
}

const traffics = new WeakMap<DrawnEdge, EdgeTraffic>();

function trafficOnce(drawn: DrawnEdge, window: TimeWindow): EdgeTraffic {
  const known = traffics.get(drawn) ?? edgeTraffic(drawn, windowSeconds(window));
  traffics.set(drawn, known);
  return known;
}

function ownRows({ trueKeys, protocol }: DrawnEdge, table: CountTable): readonly PlacedRow[] {
  return trueKeys.flatMap(([source, destination]) =>
    table.rowsInto(destination).filter((row) => row.source.node.key === source && row.row.protocol === protocol),
  );
}

/** Of several true edges shown as one the largest: quantiles cannot be added. */
function ownLatency({ trueKeys, protocol }: DrawnEdge, table: LatencyTable): readonly (number | null)[] | null {
  const found = trueKeys.flatMap(([source, destination]) => {
    const values = table.ofEdge(source, destination, protocol);
    return values === null ? [] : [values];
  });
  if (found.length <= 1) return found[0] ?? null;
  return table.timestampsMs.map((_, i) => {
    const values = found.flatMap((one) => one[i] ?? []);
    return values.length === 0 ? null : Math.max(...values);
  });
}
