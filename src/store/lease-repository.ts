/** Leases and copies in the database. Made by `openStore`. */
import { type Kysely, sql } from "kysely";
import type { Database } from "./database.js";
import { databaseNowMs } from "./database-clock.js";
import { isHolder, type LeaseFacts, leavesShards, renewLease, takeLease } from "./decide-lease.js";
import type { LeaseStore } from "./lease-store.js";
import { newestVersion } from "./migrations.js";
import { tellNews } from "./news.js";
import type { Tables } from "./tables.js";

const forgottenAfterMs = 3_600_000;

/** The repository over a database. */
export function createLeaseRepository(database: Database): LeaseStore {
  const { kind } = database;
  const databaseNow = databaseNowMs(kind);

  /** The row, locked: `taking` waits for nobody and finds nothing while a transaction under the lease runs. */
  async function locked(db: Kysely<Tables>, name: string, taking: boolean): Promise<LeaseFacts | null> {
    const query = db.selectFrom("lease").select(["holder", "epoch", "until_ms"]).where("name", "=", name);
    // A renewal does not touch the key, so that it need not wait for transactions under the lease.
    const found = kind === "sqlite" ? query : taking ? query.forUpdate().skipLocked() : query.forNoKeyUpdate();
    const row = await found.executeTakeFirst();
    return row === undefined ? null : { holder: row.holder, epoch: row.epoch, untilMs: row.until_ms };
  }

  async function nowMs(db: Kysely<Tables>): Promise<number> {
    const { rows } = await sql<{ ms: number }>`select ${databaseNow} as ms`.execute(db);
    return Number(rows[0]?.ms);
  }

  async function put(db: Kysely<Tables>, name: string, { holder, epoch, untilMs }: LeaseFacts): Promise<void> {
    await db.updateTable("lease").set({ holder, epoch, until_ms: untilMs }).where("name", "=", name).execute();
  }

  return {
    take: (name, holder, ttlMs) =>
      database.write(async (db) => {
        const nobody = { name, holder: "", epoch: 0, until_ms: 0 };
        await db
          .insertInto("lease")
          .values(nobody)
          .onConflict((on) => on.column("name").doNothing())
          .execute();
        const known = await locked(db, name, true);
        if (known === null) return null;
        const taken = takeLease(known, { holder, nowMs: await nowMs(db), ttlMs });
        if (taken === null) return null;
        await put(db, name, taken);
        return { name, holder, epoch: taken.epoch };
      }),
    renew: ({ name, holder, epoch }, ttlMs) =>
      database.write(async (db) => {
        const known = await locked(db, name, false);
        const renewed = renewLease(known, { holder, epoch, nowMs: await nowMs(db), ttlMs });
        if (renewed !== null) await put(db, name, renewed);
        return renewed !== null;
      }),
    renewAll: (leases, ttlMs) =>
      database.write(async (db) => {
        const names = leases.map(({ name }) => name).sort();
        if (names.length === 0) return [];
        const query = db.selectFrom("lease").select(["name", "holder", "epoch"]).where("name", "in", names);
        // In one order, so that two never wait for each other.
        const rows = await (kind === "sqlite" ? query : query.orderBy("name").forNoKeyUpdate()).execute();
        const ours = leases.filter(({ name, ...mine }) =>
          isHolder(rows.find((row) => row.name === name) ?? null, mine),
        );
        if (ours.length === 0) return [];
        await db
          .updateTable("lease")
          .set({ until_ms: (await nowMs(db)) + ttlMs })
          .where(
            "name",
            "in",
            ours.map(({ name }) => name),
          )
          .execute();
        return ours;
      }),
    shared: (names, leader) =>
      database.read(async (db) => {
        const now = await nowMs(db);
        const rows = await db
          .selectFrom("lease")
          .selectAll()
          .where("name", "in", [...names, leader])
          .execute();
        const takers = await db.selectFrom("copy").selectAll().where("takes_shards", ">", 0).orderBy("id").execute();
        const held = rows.filter(({ name, until_ms }) => name !== leader && until_ms > now);
        const lead = rows.find(({ name }) => name === leader) ?? null;
        return {
          holders: new Map(held.map(({ name, holder }) => [name, holder])),
          members: takers.filter((taker) => taker.takes_shards === 1 && taker.until_ms > now).map(({ id }) => id),
          areLeftByLeader: lead !== null && leavesShards(lead, takers),
        };
      }),
    release: ({ name, holder, epoch }) =>
      database.write(async (db) => {
        await db
          .updateTable("lease")
          .set({ until_ms: 0 })
          .where("name", "=", name)
          .where("holder", "=", holder)
          .where("epoch", "=", epoch)
          .execute();
        await tellNews(db, database, { kind: "lease", ids: null });
      }),
    read: (name) =>
      database.read(async (db) => {
        const row = await db
          .selectFrom("lease")
          .selectAll()
          .select(databaseNow.as("now_ms"))
          .where("name", "=", name)
          .executeTakeFirst();
        if (row === undefined || row.epoch === 0) return null;
        const { holder, epoch } = row;
        return { name, holder, epoch, restMs: Math.max(0, row.until_ms - Number(row.now_ms)) };
      }),
    live: ({ id, version, shards }, ttlMs) =>
      database.write(async (db) => {
        const now = await nowMs(db);
        const row = {
          id,
          version,
          schema_version: newestVersion,
          until_ms: now + ttlMs,
          takes_shards: shards === undefined ? 0 : shards === "takes" ? 1 : 2,
        };
        await db
          .insertInto("copy")
          .values(row)
          .onConflict((on) => on.column("id").doUpdateSet({ until_ms: row.until_ms, takes_shards: row.takes_shards }))
          .execute();
        await db
          .deleteFrom("copy")
          .where("until_ms", "<", now - forgottenAfterMs)
          .execute();
      }),
    leave: (id) =>
      database.write(async (db) => {
        await db.deleteFrom("copy").where("id", "=", id).execute();
      }),
    copies: () =>
      database.read((db) =>
        db.selectFrom("copy").select(["id", "version"]).where("until_ms", ">", databaseNow).orderBy("id").execute(),
      ),
  };
}
