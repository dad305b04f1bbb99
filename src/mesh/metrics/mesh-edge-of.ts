/** A drawn edge as the face of the mesh shows it: lazy signals and its traffic. Built by the metrics reader. */
import { type TimeWindow, windowSeconds } from "../../telemetry/time-window.js";
import type { EdgeTraffic, MeshEdge, Pillar, RequestOutcome, View } from "../mesh.js";
import type { EdgePillar } from "./ask-edges.js";
import { edgeTraffic } from "./edge-traffic.js";
import { outcomeOnce } from "./golden-of-rows.js";
import type { Scope } from "./measure-ask.js";
import { type CountTable, type LatencyTable, largestOfEach, type PlacedRow } from "./measure-table.js";
import { createGolden, type GoldenSubject, type GoldenTerms, noGolden } from "./measured-golden.js";
import type { DrawnEdge } from "./mesh-edges.js";

/** What the edges of one set share: the scope their rows came from, in which measures are asked for, so that all share each question. */
export interface EdgeSet extends GoldenTerms {
  readonly scope: Scope;
  readonly origin: EdgePillar;
  readonly window: TimeWindow;
}

/** The edge. */
export function meshEdgeOf(drawn: DrawnEdge, set: EdgeSet): MeshEdge {
  const { source, destination, protocol, reporter } = drawn;
  return {
    source: source.node,
    destination: destination.node,
    protocol,
    reporter,
    golden: protocol === "TCP" ? noGolden("TCP_ONLY") : createGolden(set, new EdgeSubject(drawn, set)),
    traffic: trafficOnce(drawn, set.window),
  };
}

/** A class for the reason that MeasuredGolden is one. */
class EdgeSubject implements GoldenSubject {
  readonly #drawn: DrawnEdge;
  readonly #set: EdgeSet;
  #callers: Pillar<RequestOutcome> | null = null;
  #server: Pillar<RequestOutcome> | null = null;

  constructor(drawn: DrawnEdge, set: EdgeSet) {
    this.#drawn = drawn;
    this.#set = set;
  }

  get window(): TimeWindow {
    return this.#set.window;
  }

  scope(): Scope {
    return this.#set.scope;
  }

  /** The edge was drawn from these rows: nothing is left to ask. */
  known(view: View): Pillar<RequestOutcome> {
    if (view === "server") {
      this.#server ??= this.#outcome(view);
      return this.#server;
    }
    this.#callers ??= this.#outcome(view);
    return this.#callers;
  }

  #outcome(view: View): Pillar<RequestOutcome> {
    const { sources, errors } = this.#set.origin;
    return { value: outcomeOnce(this.#drawn[view]), sources, errors };
  }

  rows(table: CountTable): readonly PlacedRow[] {
    const { trueKeys, protocol } = this.#drawn;
    return trueKeys.flatMap(([source, destination]) =>
      table.rowsInto(destination).filter((row) => row.source.node.key === source && row.row.protocol === protocol),
    );
  }

  /** Of several true edges shown as one the largest: quantiles cannot be added. */
  latency(table: LatencyTable): readonly (number | null)[] | null {
    const { trueKeys, protocol } = this.#drawn;
    let largest: readonly (number | null)[] | null = null;
    for (const [source, destination] of trueKeys) {
      const values = table.ofEdge(source, destination, protocol);
      largest = values === null || largest === null ? (values ?? largest) : largestOfEach(largest, values);
    }
    return largest;
  }

  absence(): null {
    return null;
  }
}

const traffics = new WeakMap<DrawnEdge, EdgeTraffic>();

function trafficOnce(drawn: DrawnEdge, window: TimeWindow): EdgeTraffic {
  const known = traffics.get(drawn);
  if (known !== undefined) return known;
  const traffic = edgeTraffic(drawn, windowSeconds(window));
  traffics.set(drawn, traffic);
  return traffic;
}
