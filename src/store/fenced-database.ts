/** A database whose writes are refused as soon as another copy has taken a lease they are made under. Made by `openStore`. */
import type { Kysely } from "kysely";
import { MeshlensError } from "../errors.js";
import type { Database } from "./database.js";
import { isHolder, leavesShards } from "./decide-lease.js";
import type { Lease } from "./lease-store.js";
import type { Tables } from "./tables.js";

/** What writes are made under. */
export interface Fence {
  /** All of them must be ours. */
  readonly leases: readonly Lease[];
  /** The lease of the leading copy, which must be one that leaves the work of shards to others; left out: whoever leads. */
  readonly leader?: string;
}

/**
 * The same database for its reads. Each write transaction first looks at the leases and keeps them from being taken until it ends, so that
 * whoever takes over reads everything that was written before.
 * @param onRefused told of each refused write, which rejects with MESHLENS_ERR_STORE_FENCED; must not throw
 */
export function fencedDatabase(database: Database, fence: Fence, onRefused: () => void): Database {
  return {
    ...database,
    write: (work) =>
      database.write(async (db) => {
        const lost = await lostLease(db, database, fence);
        if (lost !== null) {
          onRefused();
          throw fencedError(database.place, lost);
        }
        return work(db);
      }),
  };
}

/** The name of a lease that is not as it must be; null when all are. */
async function lostLease(db: Kysely<Tables>, { kind }: Database, { leases, leader }: Fence): Promise<string | null> {
  const names = [...leases.map(({ name }) => name), ...(leader === undefined ? [] : [leader])];
  const query = db.selectFrom("lease").select(["name", "holder", "epoch", "until_ms"]).where("name", "in", names);
  const rows = await (kind === "postgres" ? query.forKeyShare() : query).execute();
  const known = new Map(rows.map((row) => [row.name, row]));
  const lost = leases.find(({ name, ...mine }) => !isHolder(known.get(name) ?? null, mine));
  if (lost !== undefined) return lost.name;
  if (leader === undefined) return null;
  const lead = known.get(leader);
  if (lead === undefined) return leader;
  const takers = await db
    .selectFrom("copy")
    .select("id")
    .where("id", "=", lead.holder)
    .where("takes_shards", ">", 0)
    .execute();
  return leavesShards(lead, takers) ? null : leader;
}

function fencedError(place: string, name: string): MeshlensError {
  return new MeshlensError(
    "MESHLENS_ERR_STORE_FENCED",
    `Nothing was stored in ${place}: another copy of Meshlens has taken over (lease ${name}); it goes on from what was stored before.`,
  );
}
