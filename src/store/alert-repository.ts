/** States, transitions, incidents and evidence in the database. Made by `openStore`. */
import type { Kysely } from "kysely";
import type { Visibility } from "../telemetry/visibility.js";
import type { AlertStore, StoredIncident, StoredTransition } from "./alert-store.js";
import { writeCycle } from "./commit-cycle.js";
import type { Database } from "./database.js";
import { enqueueRows } from "./delivery-rows.js";
import { saveEvidenceRow } from "./evidence-rows.js";
import { inChunks } from "./in-chunks.js";
import { afterKey, incidentOf, selectIncidents } from "./incident-rows.js";
import { decodeJson } from "./json-text.js";
import { tellNews } from "./news.js";
import type { IncidentRow, Tables } from "./tables.js";

/** The repository over a database. */
export function createAlertRepository(database: Database): AlertStore {
  const update = (id: string, change: Partial<IncidentRow>, visibility: Visibility, onlyUnseen: boolean) =>
    database.write(async (db) => {
      const found = await visibleIncident(db, id, visibility);
      if (found === null || (onlyUnseen && found.acknowledged !== null)) return found;
      await db.updateTable("incident").set(change).where("id", "=", id).execute();
      await tellNews(db, database, { kind: "incidents", ids: [id] });
      return visibleIncident(db, id, visibility);
    });
  return {
    load: () =>
      database.read(async (db) => {
        const evaluation = await db.selectFrom("evaluation").selectAll().where("name", "=", "all").executeTakeFirst();
        const states = await db.selectFrom("objective_state").selectAll().orderBy("objective_id").execute();
        const open = await db
          .selectFrom("incident")
          .selectAll()
          .where("resolved_ms", "is", null)
          .orderBy("started_ms")
          .orderBy("id")
          .execute();
        return {
          evaluatedAtMs: evaluation?.evaluated_ms ?? null,
          states: states.map((row) => ({ objectiveId: row.objective_id, seq: row.seq, state: decodeJson(row.state) })),
          openIncidents: open.map(incidentOf),
        };
      }),
    commitCycle: (commit) =>
      database.write(async (db) => {
        await writeCycle(db, database.kind, commit);
        await tellNews(db, database, { kind: "incidents", ids: commit.incidents.map(({ id }) => id) });
      }),
    incidents: ({ filter, visibility, first, after }) =>
      database.read(async (db) => {
        let query = selectIncidents(db, filter, visibility);
        if (after !== null) query = query.where((builder) => afterKey(builder, after));
        const rows = await query
          .selectAll()
          .orderBy("started_ms", "desc")
          .orderBy("id", "desc")
          .limit(first + 1)
          .execute();
        return { incidents: rows.slice(0, first).map(incidentOf), hasNextPage: rows.length > first };
      }),
    countIncidents: ({ filter, visibility }) =>
      database.read(async (db) => {
        const row = await selectIncidents(db, filter, visibility)
          .select((select) => select.fn.countAll<number>().as("count"))
          .executeTakeFirstOrThrow();
        return row.count;
      }),
    incidentsById: (ids, visibility) =>
      database.read(async (db) => {
        const found = new Map<string, StoredIncident>();
        for (const chunk of inChunks(ids)) {
          const rows = await selectIncidents(db, {}, visibility).selectAll().where("id", "in", chunk).execute();
          for (const row of rows) found.set(row.id, incidentOf(row));
        }
        return ids.map((id) => found.get(id) ?? null);
      }),
    transitionsOf: (ids) => database.read((db) => transitionsOf(db, ids)),
    evidenceOf: (ids) =>
      database.read(async (db) => {
        const found = new Map<string, { taken_ms: number; payload: string }>();
        for (const chunk of inChunks(ids)) {
          const rows = await db.selectFrom("evidence").selectAll().where("incident_id", "in", chunk).execute();
          for (const row of rows) found.set(row.incident_id, row);
        }
        return ids.map((incidentId) => {
          const row = found.get(incidentId);
          return row === undefined ? null : { incidentId, takenAtMs: row.taken_ms, payload: decodeJson(row.payload) };
        });
      }),
    saveEvidence: (evidence, deliveries = []) =>
      database.write(async (db) => {
        await saveEvidenceRow(db, evidence);
        await enqueueRows(db, deliveries);
      }),
    acknowledge: (id, { by, atMs }, visibility) =>
      update(id, { acknowledged_by: by, acknowledged_ms: atMs }, visibility, true),
    silence: (id, silence, visibility) =>
      update(
        id,
        {
          silenced_by: silence?.by ?? null,
          silenced_ms: silence?.atMs ?? null,
          silenced_until_ms: silence?.untilMs ?? null,
        },
        visibility,
        false,
      ),
    prune: (before) => database.write((db) => prune(db, before)),
  };
}

async function visibleIncident(db: Kysely<Tables>, id: string, visibility: Visibility): Promise<StoredIncident | null> {
  const row = await selectIncidents(db, {}, visibility).selectAll().where("id", "=", id).executeTakeFirst();
  return row === undefined ? null : incidentOf(row);
}

async function transitionsOf(db: Kysely<Tables>, ids: readonly string[]): Promise<StoredTransition[][]> {
  const found = new Map<string, StoredTransition[]>(ids.map((id) => [id, []]));
  for (const chunk of inChunks([...found.keys()])) {
    const rows = await db
      .selectFrom("alert_transition")
      .selectAll()
      .where("incident_id", "in", chunk)
      .orderBy("seq")
      .execute();
    for (const { objective_id: objectiveId, seq, incident_id: incidentId, at_ms: atMs, payload } of rows) {
      found.get(incidentId ?? "")?.push({ objectiveId, seq, incidentId, atMs, payload: decodeJson(payload) });
    }
  }
  return ids.map((id) => found.get(id) ?? []);
}

async function prune(
  db: Kysely<Tables>,
  { evidenceMs, resolvedMs }: { readonly evidenceMs: number; readonly resolvedMs: number },
) {
  const old = db.selectFrom("incident").select("id").where("resolved_ms", "<", resolvedMs);
  const evidence = await db
    .deleteFrom("evidence")
    .where((builder) => builder.or([builder("taken_ms", "<", evidenceMs), builder("incident_id", "in", old)]))
    .executeTakeFirst();
  await db.deleteFrom("alert_transition").where("incident_id", "in", old).execute();
  await db.deleteFrom("alert_transition").where("incident_id", "is", null).where("at_ms", "<", resolvedMs).execute();
  const incidents = await db.deleteFrom("incident").where("resolved_ms", "<", resolvedMs).executeTakeFirst();
  return { evidence: Number(evidence.numDeletedRows), incidents: Number(incidents.numDeletedRows) };
}
