/** The counted rows that edges are drawn from: both views of requests, and TCP, in one upstream request. */
import type { TimeWindow } from "../../telemetry/time-window.js";
import type { Pillar } from "../mesh.js";
import { mergeStatuses } from "../pillar.js";
import type { Measure, Scope } from "./measure-ask.js";
import type { MeasureLoader, MeasureTable } from "./measure-loader.js";
import type { CountTable } from "./measure-table.js";

/** The tables of one scope. */
export interface EdgeTables {
  readonly scope: Scope;
  readonly callers: CountTable;
  readonly server: CountTable;
  readonly traffic: CountTable;
}

/** Where an answer came from, without the answer. */
export type EdgePillar = Omit<Pillar<unknown>, "value">;

/** What edges are drawn from. */
export const edgeMeasures: readonly Measure[] = [
  { kind: "outcome", view: "callers" },
  { kind: "outcome", view: "server" },
  { kind: "traffic" },
];

/** Loads the tables of some scopes; null when no source answered. */
export async function askEdges(
  loader: MeasureLoader,
  scopes: readonly Scope[],
  window: TimeWindow,
): Promise<Pillar<readonly EdgeTables[]>> {
  const loaded = await Promise.all(
    scopes.map(async (scope) => {
      const pillars = await Promise.all(
        edgeMeasures.map((measure) => loader.load({ measure, scope, window, maxPoints: null })),
      );
      return { scope, pillars };
    }),
  );
  const pillars = loaded.flatMap((one) => one.pillars);
  const sources = mergeStatuses(...pillars.map((pillar) => pillar.sources));
  const tables = loaded.map((one) => ({ scope: one.scope, counts: one.pillars.map((pillar) => countsOf(pillar)) }));
  const value = tables.flatMap(({ scope, counts: [callers, server, traffic] }) =>
    callers == null || server == null || traffic == null ? [] : [{ scope, callers, server, traffic }],
  );
  const isWhole = value.length === scopes.length;
  return { value: isWhole ? value : null, sources, errors: isWhole ? [] : (pillars[0]?.errors ?? []) };
}

function countsOf({ value }: Pillar<MeasureTable>): CountTable | null {
  return value?.kind === "counts" ? value : null;
}
