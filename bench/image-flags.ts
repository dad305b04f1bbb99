/** How the image starts Node: benches that measure the server as it runs in a cluster start it in the same way. */
import { readFileSync } from "node:fs";
import { commandOf, readDockerfile, stepsOf } from "../test/support/deploy/dockerfile.js";

/** Flags between Node and the program in the image's ENTRYPOINT. A flag that this Node is too old for is left out. */
export function imageFlags(): readonly string[] {
  const last = readDockerfile(readFileSync("deploy/Dockerfile", "utf8")).at(-1);
  const [entry = ""] = last === undefined ? [] : stepsOf(last, "ENTRYPOINT");
  const known = process.allowedNodeEnvironmentFlags;
  return commandOf(entry).filter((word) => word.startsWith("--") && known.has(word.replace(/=.*/, "")));
}
