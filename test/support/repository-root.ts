/** Where the repository lies, for tests that read committed files: compiled tests run from `dist/test`, their data stays in `test/`. */
import { fileURLToPath } from "node:url";

/** Absolute path of the repository, without a slash at its end. */
export const repositoryRoot: string = fileURLToPath(new URL("../../..", import.meta.url));
