/** Starts the server of canary-worker.ts and asks it as one of its tokens: `admin` sees all, `alpha` its namespace, `stranger` an empty one. */
import { once } from "node:events";
import { Worker } from "node:worker_threads";

/** Part of every name of the namespace that `alpha` may not see. */
export const canary = /zqx/i;

/** Who asks; null sends no token. */
export type Caller = "admin" | "alpha" | "stranger" | null;

/** What came back, byte for byte. */
export interface RawAnswer {
  readonly status: number;
  /** Headers and body. */
  readonly text: string;
  readonly json: never;
}

/** The running world. */
export interface CanaryWorld {
  readonly url: string;
  ask(caller: Caller, query: string, variables?: object): Promise<RawAnswer>;
  get(caller: Caller, path: string): Promise<RawAnswer>;
  /** Live heap of the server's thread. */
  heapBytes(): Promise<number>;
  close(): Promise<void>;
}

/** Ready when incidents of both namespaces burn and their evidence is there. */
export async function startCanaryWorld(): Promise<CanaryWorld> {
  const worker = new Worker(new URL("./canary-worker.js", import.meta.url));
  const [url] = (await once(worker, "message")) as [string];
  const authorization = (caller: Caller): Record<string, string> =>
    caller === null ? {} : { authorization: `Bearer ${caller}` };

  async function answered(response: Response): Promise<RawAnswer> {
    const body = await response.text();
    const text = `${JSON.stringify([...response.headers])}\n${body}`;
    const isJson = response.headers.get("content-type")?.includes("json") === true;
    return { status: response.status, text, json: (isJson ? JSON.parse(body) : null) as never };
  }

  return {
    url,
    ask: async (caller, query, variables = {}) => {
      const headers = { "content-type": "application/json", "x-meshlens-debug": "true", ...authorization(caller) };
      const body = JSON.stringify({ query, variables });
      return answered(await fetch(`${url}/graphql`, { method: "POST", headers, body }));
    },
    get: async (caller, path) => answered(await fetch(url + path, { headers: authorization(caller) })),
    async heapBytes() {
      const told = once(worker, "message");
      worker.postMessage("heap");
      const [bytes] = (await told) as [number];
      return bytes;
    },
    async close() {
      await worker.terminate();
    },
  };
}

/** What a text says openly or in base64, as ids and cursors do. */
export function revealed(text: string): string {
  const hidden = text.match(/[\w-]{16,}/g) ?? [];
  return [text, decodeURIComponent(text.replace(/%(?![0-9a-f]{2})/gi, "%25")), ...hidden.map(decoded)].join("\n");
}

function decoded(token: string): string {
  return Buffer.from(token, "base64url").toString("latin1");
}
