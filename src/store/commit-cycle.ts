/** Writes what one evaluation changed, or finds that somebody else writes too. Called by the repository of alerts, in its transaction. */
import type { Kysely } from "kysely";
import { MeshlensError } from "../errors.js";
import type { CycleCommit, StoredTransition } from "./alert-store.js";
import { enqueueRows } from "./delivery-rows.js";
import { saveEvidenceRow } from "./evidence-rows.js";
import { inChunks } from "./in-chunks.js";
import { evaluatedColumns, incidentRow } from "./incident-rows.js";
import { encodeJson } from "./json-text.js";
import type { StoreKind } from "./migrations.js";
import type { Tables } from "./tables.js";

/** All or nothing; see `AlertStore.commitCycle`. */
export async function writeCycle(db: Kysely<Tables>, kind: StoreKind, commit: CycleCommit): Promise<void> {
  const seqs = await storedSeqs(db, kind, commit);
  const fresh = await freshTransitions(db, commit.transitions, seqs);
  refuseStates(commit, seqs);
  for (const chunk of inChunks(fresh)) {
    await db.insertInto("alert_transition").values(chunk.map(transitionRow)).execute();
  }
  const states = commit.states.map(({ objectiveId, seq, state }) => ({
    objective_id: objectiveId,
    seq,
    state: encodeJson(state),
  }));
  for (const chunk of inChunks(states)) {
    await db
      .insertInto("objective_state")
      .values(chunk)
      .onConflict((on) =>
        on
          .column("objective_id")
          .doUpdateSet((row) => ({ seq: row.ref("excluded.seq"), state: row.ref("excluded.state") })),
      )
      .execute();
  }
  for (const chunk of inChunks(commit.removedObjectives)) {
    await db
      .updateTable("objective_state")
      .set({ state: encodeJson(null) })
      .where("objective_id", "in", chunk)
      .execute();
  }
  for (const chunk of inChunks(commit.incidents)) {
    await db
      .insertInto("incident")
      .values(chunk.map(incidentRow))
      .onConflict((on) =>
        on
          .column("id")
          .doUpdateSet((row) =>
            Object.fromEntries(evaluatedColumns.map((name) => [name, row.ref(`excluded.${name}`)])),
          ),
      )
      .execute();
  }
  for (const evidence of commit.evidence) await saveEvidenceRow(db, evidence);
  await enqueueRows(db, commit.deliveries ?? []);
  for (const chunk of inChunks(commit.heard ?? [])) {
    await db.updateTable("ruler_alert").set({ is_new: 0 }).where("key", "in", chunk).execute();
  }
  const { evaluatedAtMs } = commit;
  if (evaluatedAtMs === null) return;
  await db
    .insertInto("evaluation")
    .values({ name: "all", evaluated_ms: evaluatedAtMs })
    .onConflict((on) => on.column("name").doUpdateSet({ evaluated_ms: evaluatedAtMs }))
    .execute();
}

/** The last sequence number stored per objective that is written now. */
async function storedSeqs(
  db: Kysely<Tables>,
  kind: StoreKind,
  commit: CycleCommit,
): Promise<ReadonlyMap<string, number>> {
  const ids = new Set([...commit.states, ...commit.transitions].map(({ objectiveId }) => objectiveId));
  const seqs = new Map<string, number>();
  for (const chunk of inChunks([...ids].sort())) {
    const query = db.selectFrom("objective_state").select(["objective_id", "seq"]).where("objective_id", "in", chunk);
    // Another evaluator waits here and then sees what this one wrote; in one order, so that two never wait for each other.
    const rows = await (kind === "postgres" ? query.orderBy("objective_id").forUpdate() : query).execute();
    for (const row of rows) seqs.set(row.objective_id, row.seq);
  }
  return seqs;
}

/** The transitions that are not stored yet; those that are must be the same. */
async function freshTransitions(
  db: Kysely<Tables>,
  transitions: readonly StoredTransition[],
  seqs: ReadonlyMap<string, number>,
): Promise<readonly StoredTransition[]> {
  const fresh: StoredTransition[] = [];
  const next = new Map<string, number>();
  for (const transition of transitions.toSorted((a, b) => a.seq - b.seq)) {
    const { objectiveId, seq } = transition;
    const stored = seqs.get(objectiveId) ?? 0;
    if (seq <= stored) {
      const row = await db
        .selectFrom("alert_transition")
        .selectAll()
        .where("objective_id", "=", objectiveId)
        .where("seq", "=", seq)
        .executeTakeFirst();
      const written = transitionRow(transition);
      const isSame =
        row?.payload === written.payload && row.at_ms === written.at_ms && row.incident_id === written.incident_id;
      if (!isSame) throw conflict(objectiveId, `transition ${seq} is stored with other content`);
      continue;
    }
    const expected = next.get(objectiveId) ?? stored + 1;
    if (seq !== expected) throw conflict(objectiveId, `transition ${seq} follows ${expected - 1}`);
    next.set(objectiveId, seq + 1);
    fresh.push(transition);
  }
  return fresh;
}

/** A state must be as new as its transitions and not older than the stored one. */
function refuseStates({ states, transitions }: CycleCommit, seqs: ReadonlyMap<string, number>): void {
  const newest = new Map(seqs);
  for (const { objectiveId, seq } of transitions) {
    newest.set(objectiveId, Math.max(seq, newest.get(objectiveId) ?? 0));
  }
  const written = new Set<string>();
  for (const { objectiveId, seq } of states) {
    const expected = newest.get(objectiveId) ?? 0;
    if (seq !== expected) throw conflict(objectiveId, `its state is of transition ${seq}, the last one is ${expected}`);
    written.add(objectiveId);
  }
  const missing = transitions.find(({ objectiveId }) => !written.has(objectiveId));
  if (missing !== undefined) throw conflict(missing.objectiveId, "a transition comes without the state it leads to");
}

function transitionRow({ objectiveId, seq, incidentId, atMs, payload }: StoredTransition) {
  return { objective_id: objectiveId, seq, incident_id: incidentId, at_ms: atMs, payload: encodeJson(payload) };
}

function conflict(objectiveId: string, why: string): MeshlensError {
  return new MeshlensError(
    "MESHLENS_ERR_STORE_CONFLICT",
    `Nothing of this evaluation was stored: objective ${objectiveId}: ${why}. Another Meshlens evaluates the same objectives; let one of them do it.`,
  );
}
