/** A database whose writes are refused as soon as another copy has taken the lease they are made under. Made by `openStore`. */
import type { Kysely } from "kysely";
import { MeshlensError } from "../errors.js";
import type { Database } from "./database.js";
import { isHolder } from "./decide-lease.js";
import type { Lease } from "./lease-store.js";
import type { Tables } from "./tables.js";

/**
 * The same database for its reads. Each write transaction first looks at the lease and keeps it from being taken until the transaction
 * ends, so that whoever takes over reads everything that was written before.
 * @param onRefused told of each refused write, which rejects with MESHLENS_ERR_STORE_FENCED; must not throw
 */
export function fencedDatabase(database: Database, lease: Lease, onRefused: () => void): Database {
  return {
    ...database,
    write: (work) =>
      database.write(async (db) => {
        if (await isFenced(db, database, lease)) {
          onRefused();
          throw fencedError(database.place, lease);
        }
        return work(db);
      }),
  };
}

async function isFenced(db: Kysely<Tables>, { kind }: Database, lease: Lease): Promise<boolean> {
  const query = db.selectFrom("lease").select(["holder", "epoch"]).where("name", "=", lease.name);
  const known = await (kind === "postgres" ? query.forKeyShare() : query).executeTakeFirst();
  return !isHolder(known ?? null, lease);
}

function fencedError(place: string, { name }: Lease): MeshlensError {
  return new MeshlensError(
    "MESHLENS_ERR_STORE_FENCED",
    `Nothing was stored in ${place}: another copy of Meshlens has taken over (lease ${name}); it goes on from what was stored before.`,
  );
}
