/** A drawn edge as the face of the mesh shows it: lazy signals and its traffic. Built by the metrics reader. */
import { type TimeWindow, windowSeconds } from "../../telemetry/time-window.js";
import type { MeshEdge, View } from "../mesh.js";
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
            outcome: memo((view: View) => ({ ...origin, value: outcomeOfRows(drawn[view]) })),
          },
    traffic: memo(() => ({ ...origin, value: edgeTraffic(drawn, windowSeconds(window)) })),
  };
}

/** Several fields of an answer read the same fact of an edge. */
function memo<A extends string, T>(make: (argument: A) => T): (argument?: A) => T {
  const made = new Map<string, T>();
  return (argument) => {
    const key = argument ?? "";
    const known = made.get(key);
    if (known !== undefined) return known;
    const value = make(key as A);
    made.set(key, value);
    return value;
  };
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
