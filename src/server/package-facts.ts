/** Where the package lies and its version; the same in a checkout and in an installed tarball. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Absolute path of the package's root folder. This file is compiled to dist/src/server/. */
export const packageRoot: string = fileURLToPath(new URL("../../../", import.meta.url));

/** Version of package.json; `unknown` when that cannot be read. */
export function packageVersion(): string {
  const facts: unknown = JSON.parse(readFileSync(`${packageRoot}package.json`, "utf8"));
  const version = typeof facts === "object" && facts !== null && "version" in facts ? facts.version : null;
  return typeof version === "string" ? version : "unknown";
}
