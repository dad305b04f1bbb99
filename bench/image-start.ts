/** How the image starts Node: benches that measure the server as it runs in a cluster start it in the same way. */
import { readFileSync } from "node:fs";
import { commandOf, readDockerfile, stepsOf } from "../test/support/deploy/dockerfile.js";

/** What stands before the program, and what is set for it. */
export interface ImageStart {
  /** Flags of Node in the image's ENTRYPOINT; one that this Node is too old for is left out. */
  readonly flags: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** Read from deploy/Dockerfile. */
export function imageStart(): ImageStart {
  const last = readDockerfile(readFileSync("deploy/Dockerfile", "utf8")).at(-1);
  const texts = (instruction: string) => (last === undefined ? [] : stepsOf(last, instruction));
  const known = process.allowedNodeEnvironmentFlags;
  return {
    flags: commandOf(texts("ENTRYPOINT")[0] ?? "[]").filter(
      (word) => word.startsWith("--") && known.has(word.replace(/=.*/, "")),
    ),
    environment: Object.fromEntries(texts("ENV").map((text) => text.split("=") as [string, string])),
  };
}
