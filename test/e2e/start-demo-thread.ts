/** Starts the demo's thread and asks it by GraphQL, as an engineer at some minute of its programme would. */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { DemoThreadData, Played } from "./demo-worker.js";

/** Asks a question; throws when the answer has errors. */
export type Ask = <T>(query: string, variables: object) => Promise<T>;

/** A demo that stands still until it is told to play. */
export interface DemoThread {
  /** Lets time pass until everything is with the backends that are fed; an instant already passed does nothing. */
  play(toMs: number): Promise<Played>;
  /** @param backends `embedded`, or a name given at the start */
  ask(backends: string): Ask;
  close(): Promise<void>;
}

/** Ready when every server listens. */
export async function startDemoThread(workerData: DemoThreadData): Promise<DemoThread> {
  const worker = new Worker(new URL("./demo-worker.js", import.meta.url), { workerData });
  const [urls]: Record<string, string>[] = await once(worker, "message");
  return {
    async play(toMs) {
      const played = once(worker, "message");
      worker.postMessage(toMs);
      const [answer]: Played[] = await played;
      return answer as Played;
    },
    ask: (backends) => async (query, variables) => {
      const response = await fetch(`${urls?.[backends]}/graphql`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ query, variables }),
      });
      const { data, errors } = (await response.json()) as { data: never; errors?: readonly { message: string }[] };
      if (errors !== undefined) throw new Error(errors.map(({ message }) => message).join("; "));
      return data;
    },
    async close() {
      await worker.terminate();
    },
  };
}
