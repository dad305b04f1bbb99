/** The parser of the Compose specification, as its own program. */
import { join } from "node:path";
import { buildGoProgram } from "./go-build.js";
import type { InstallCache } from "./install-cache.js";

const release = "2.9.0";

/** The program: it resolves and validates a file, and prints what it means. */
export async function installComposeParser(cache: InstallCache): Promise<string> {
  const folder = await cache.entry(`compose-spec-${release}`, (building) =>
    buildGoProgram(
      cache,
      {
        module: "github.com/compose-spec/compose-go/v2",
        moduleVersion: `v${release}`,
        packagePath: "github.com/compose-spec/compose-go/v2/cmd",
        tags: "",
        linkerFlags: "",
      },
      building,
      "compose-spec",
    ),
  );
  return join(folder, "compose-spec");
}
