/** What the leading copy's last evaluation found, packed into pages for the copies that do not evaluate. Used by open-alerting.ts and start-term.ts. */
import type { AlertBoard } from "../../alerting/alert-board.js";
import type { EvaluatedCycle, Roster } from "../../alerting/evaluator.js";
import { createMeasurementTable } from "../../alerting/measurement-table.js";
import type { ObjectiveRoster } from "../../alerting/objective-roster.js";
import type { Measurement } from "../../slo/measurement.js";
import type { Objective } from "../../slo/objective.js";
import type { PageStore, SharedPage } from "../../store/page-store.js";
import type { ServiceRef } from "../../telemetry/service-ref.js";
import { packJson, unpackJson } from "./packed-page.js";

/** Measurements that are made to text at a time: others have their turn in between. */
const atOnce = 200;
const [objectivesPage, measurementsPage] = ["objectives", "measurements"];

/** Writes pages; objectives only when they are others. */
export function createBoardWriter(pages: PageStore, serviceOf: ObjectiveRoster["serviceOf"]) {
  let saved: { readonly objectives: readonly Objective[]; readonly atMs: number } | null = null;
  return {
    /** @throws MESHLENS_ERR_STORE_* */
    async save(
      { objectives }: Roster,
      { measurements, evaluatedAtMs: atMs }: EvaluatedCycle,
      moved: readonly string[],
    ): Promise<void> {
      const made = new Map<string, SharedPage>();
      const isNew = saved?.objectives !== objectives;
      const ofMs = isNew ? atMs : (saved?.atMs ?? atMs);
      if (isNew) {
        const services = objectives.map(({ service }) => serviceOf(service));
        made.set(objectivesPage, { atMs, bytes: await packJson([JSON.stringify({ objectives, services })]) });
      }
      const parts = [`{"ofMs":${ofMs},"measurements":[`];
      for (let from = 0; from < objectives.length; from += atOnce) {
        const some = objectives.slice(from, from + atOnce).map((_, n) => measurements.at(from + n));
        parts.push(`${from === 0 ? "" : ","}${JSON.stringify(some).slice(1, -1)}`);
        await new Promise(setImmediate);
      }
      parts.push("]}");
      made.set(measurementsPage, { atMs, bytes: await packJson(parts) });
      await pages.save(made, moved);
      saved = { objectives, atMs: ofMs };
    },
  };
}

/** Reads pages. */
export function createBoardReader(
  pages: PageStore,
  board: Pick<AlertBoard, "update">,
  roster: Pick<ObjectiveRoster, "learn">,
) {
  let known: { readonly objectives: readonly Objective[]; readonly atMs: number } | null = null;
  let shownMs: number | null = null;
  return {
    /** Shows the newest pages; the instant of their evaluation, null while there are none. @throws MESHLENS_ERR_STORE_* */
    async read(): Promise<number | null> {
      const page = await pages.load(measurementsPage, shownMs);
      if (page === null) return shownMs;
      const { ofMs, measurements } = (await unpackJson(page)) as {
        readonly ofMs: number;
        readonly measurements: readonly Measurement[];
      };
      if (known?.atMs !== ofMs) {
        const listed = await pages.load(objectivesPage, null);
        // Written together: the other one is on its way.
        if (listed?.atMs !== ofMs) return shownMs;
        const { objectives, services } = (await unpackJson(listed)) as {
          readonly objectives: readonly Objective[];
          readonly services: readonly ServiceRef[];
        };
        roster.learn(services);
        known = { objectives, atMs: ofMs };
      }
      const table = createMeasurementTable();
      for (const measurement of measurements) table.add(measurement);
      board.update(
        { objectives: known.objectives, isComplete: true },
        { measurements: table, evaluatedAtMs: page.atMs },
      );
      shownMs = page.atMs;
      return shownMs;
    },
    /** This copy has evaluated itself meanwhile: what it showed before is old. */
    forget() {
      shownMs = null;
      known = null;
    },
  };
}
