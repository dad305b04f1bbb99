/** The rows of a frozen SQLite store as statements for PostgreSQL, whose tables are there already. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { repositoryRoot } from "./repository-root.js";

/** All but the versions, which whoever made the tables has written. */
export async function storeFixtureRows(version: number): Promise<readonly string[]> {
  const script = await readFile(join(repositoryRoot, `test/fixtures/store/sqlite-v${version}.sql`), "utf8");
  return script
    .split("\n")
    .filter((line) => /^INSERT INTO "(?!schema_version|sqlite_sequence)/.test(line))
    .map((line) => line.replaceAll(/\bX'([0-9A-Fa-f]*)'/g, "'\\x$1'::bytea"))
    .map((line) => line.replaceAll(/\bx'([0-9A-Fa-f]*)'/g, "'\\x$1'::bytea"));
}
