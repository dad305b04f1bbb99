/** The sources of the service page behind stand-ins that answer from memory: what a bench measures then is Meshlens, not its backends. */
import type { BenchSource } from "./meshlens-process.js";
import { pageEndMs } from "./page-question.js";
import { startRememberingProxy } from "./remembering-proxy.js";

/** Sources to configure instead of the given ones; instants after the page's are passed on. */
export async function rememberedSources(sources: readonly BenchSource[]) {
  const proxies = await Promise.all(sources.map(({ url }) => startRememberingProxy(url, pageEndMs() + 60_000)));
  return {
    sources: sources.map((source, i) => ({ ...source, url: proxies[i]?.url ?? "" })),
    /** Questions that the backends themselves have answered so far. */
    passedOn: () => proxies.reduce((sum, proxy) => sum + proxy.passedOn(), 0),
    close: async () => {
      await Promise.all(proxies.map((proxy) => proxy.close()));
    },
  };
}
