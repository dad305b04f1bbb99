/** A server of a test's own, of one of the kinds of the suite. */
import type { Backend } from "./backends/backend.js";
import { cacheFolder, createInstallCache } from "./backends/install-cache.js";
import type { ServerProcess } from "./backends/server-process.js";
import { bringUp } from "./start-backends.js";

/** What it is started with; whoever starts it stops what `servers` holds. */
export interface OwnServers {
  readonly folder: string;
  readonly servers: ServerProcess[];
  readonly signal: AbortSignal;
}

/** Its address. */
export async function startOwn(backend: Backend, { folder, servers, signal }: OwnServers): Promise<string> {
  const say = () => undefined;
  const cache = createInstallCache(cacheFolder(process.env), signal, say);
  const options = {
    cache,
    environment: {},
    folder,
    say,
    onStarted: (server: ServerProcess) => void servers.push(server),
  };
  const [, { url }] = await bringUp(backend, await backend.install(cache), options);
  return url;
}
