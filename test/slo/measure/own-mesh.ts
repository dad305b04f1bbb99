/** A scraped mesh whose source also answers queries of users, by functions of the test; and objectives on them. */
import { MeshlensError } from "../../../src/errors.js";
import { readObjectiveTexts } from "../../../src/slo/readers/read-objective-texts.js";
import type { MetricSource } from "../../../src/telemetry/metric-source.js";
import { rawPoints } from "../../../src/telemetry/time-points.js";
import { createScrapedMesh } from "./measured-mesh.js";

/** What a query says at an instant: a number, "NaN", null for no series; it may refuse. */
export type Answer = (promql: string, atMs: number) => number | "NaN" | null;

/** The error of a backend that refuses a query. */
export function refusal(words: string): MeshlensError {
  return new MeshlensError("MESHLENS_ERR_SOURCE_QUERY_REFUSED", words, { source: "prometheus" });
}

/** The mesh; `asked` has every query that was evaluated, with how many calls. */
export function createOwnMesh(answer: Answer, name = "prometheus") {
  const mesh = createScrapedMesh(name);
  const asked: { readonly promql: string; readonly atMs: number }[] = [];
  let evaluations = 0;
  const source: MetricSource = {
    ...mesh.source,
    async evaluate({ queries, window, stepMs }) {
      evaluations += 1;
      const timestampsMs = rawPoints({ window, stepMs });
      const series = queries.flatMap(({ id, promql }) => {
        asked.push({ promql, atMs: window.toMs });
        const values = timestampsMs.map((atMs) => answer(promql, atMs));
        return values.every((value) => value === null) ? [] : [{ id, values }];
      });
      return { timestampsMs, series, warnings: [] };
    },
  };
  return { ...mesh, source, asked, evaluations: () => evaluations };
}

/** Objectives of a short form's entries, as one would write them; throws with what lint says. */
export function objectivesOf(entries: string) {
  const text = `apiVersion: meshlens/v1\nnamespace: shop\nobjectives:\n${entries}`;
  const { objectives, findings } = readObjectiveTexts([{ file: "own.yaml", text }], {});
  const errors = findings.filter(({ level }) => level === "error");
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join("\n"));
  return objectives.map(({ objective }) => objective);
}
