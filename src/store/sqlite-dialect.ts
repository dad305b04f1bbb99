/**
 * Kysely over libsql: one connection, prepared statements kept, write transactions from their first statement on.
 * Kysely's own driver takes a better-sqlite3; libsql differs where this file says so.
 */
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from "kysely";
import type Database from "libsql";

/** More distinct statements than the store has; `in` lists of many lengths come and go. */
const keptStatements = 200;

/** A dialect over an open connection, which `destroy()` closes. */
export function createSqliteDialect(connection: Database.Database): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createDriver: () => createDriver(connection),
  };
}

function createDriver(connection: Database.Database): Driver {
  const only = createConnection(connection);
  // One connection: whoever wants it waits for the one before.
  let last = Promise.resolve();
  const releases: (() => void)[] = [];
  const run = async (statement: string) => {
    await only.executeQuery(CompiledQuery.raw(statement));
  };
  return {
    async init() {},
    async acquireConnection() {
      const before = last;
      last = new Promise<void>((resolve) => releases.push(resolve));
      await before;
      return only;
    },
    async releaseConnection() {
      releases.shift()?.();
    },
    // A transaction that begins by reading cannot wait for the write lock later: it would have to be begun anew.
    beginTransaction: () => run("begin immediate"),
    commitTransaction: () => run("commit"),
    async rollbackTransaction() {
      // After a full disk SQLite has rolled back by itself, and a second rollback is an error that hides the first.
      if (connection.inTransaction) await run("rollback");
    },
    async destroy() {
      connection.close();
    },
  };
}

function createConnection(connection: Database.Database): DatabaseConnection {
  const statements = new Map<string, Database.Statement>();
  const prepare = (text: string) => {
    const known = statements.get(text);
    if (known !== undefined) return known;
    if (statements.size >= keptStatements) statements.clear();
    const statement = connection.prepare(text);
    statements.set(text, statement);
    return statement;
  };
  const execute = async <R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> => {
    parameters.forEach(refuseUnbindable);
    const statement = prepare(sql);
    if (statement.reader) return { rows: statement.all(parameters) as R[] };
    const { changes } = statement.run(parameters);
    return { rows: [], numAffectedRows: BigInt(changes) };
  };
  return {
    executeQuery: execute,
    async *streamQuery<R>(query: CompiledQuery) {
      yield await execute<R>(query);
    },
  };
}

/** libsql ends the whole process at a boolean, and stores NULL for undefined and NaN. */
function refuseUnbindable(value: unknown): void {
  if (typeof value === "boolean" || value === undefined || Number.isNaN(value)) {
    throw new TypeError(`A ${typeof value} (${value}) cannot be stored.`);
  }
}
