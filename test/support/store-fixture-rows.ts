/** The rows of a frozen SQLite store as statements for PostgreSQL, whose tables are there already. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { repositoryRoot } from "./repository-root.js";

/** All but the versions, which whoever made the tables has written. */
export async function storeFixtureRows(version: number): Promise<readonly string[]> {
  const script = await readFile(join(repositoryRoot, `test/fixtures/store/sqlite-v${version}.sql`), "utf8");
  return script
    .split(/;\n/)
    .filter((statement) => {
      const table = /^insert into "?(\w+)/i.exec(statement.trim())?.[1];
      return table !== undefined && table !== "schema_version" && table !== "sqlite_sequence";
    })
    .map((statement) => statement.replaceAll(/\bx'([0-9a-f]*)'/gi, "'\\x$1'::bytea"));
}
