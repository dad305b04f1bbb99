/** Writes objects to a real API server, as a test's stand-in for people, controllers and kubelets. */
import { readFileSync } from "node:fs";
import https from "node:https";
import type { Json } from "../../support/kube-objects.js";

/** The administrator. */
export interface KubeAdmin {
  readonly ca: string;
  /** @throws Error with status and message for an answer that is none of 2xx */
  send(method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: unknown): Promise<Json>;
  text(path: string): Promise<string>;
  /** Creates or replaces, its status too. */
  put(object: Json): Promise<void>;
  remove(object: Json): Promise<void>;
  /** Whether it would be taken: defaults, validation and admission run, unknown fields are refused, nothing is kept. @throws Error with the reason */
  dryRun(object: Json): Promise<Json>;
}

class Refused extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const clusterWide: ReadonlySet<string> = new Set([
  "Namespace",
  "ClusterRole",
  "ClusterRoleBinding",
  "CustomResourceDefinition",
]);
/** Whose status is of its own and is written apart. */
const withStatus: ReadonlySet<string> = new Set(["Pod", "Deployment", "StatefulSet", "DaemonSet"]);

/** @param certificate file with the server's certificate */
export function createKubeAdmin(url: string, certificate: string, token: string): KubeAdmin {
  const ca = readFileSync(certificate, "utf8");
  const agent = new https.Agent({ ca, keepAlive: true, maxSockets: 16 });

  function request(method: string, path: string, body?: unknown): Promise<{ status: number; text: string }> {
    return new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
      const sent = https.request(`${url}${path}`, { method, agent, headers, timeout: 20_000 }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8") }),
        );
      });
      sent.on("error", reject);
      sent.on("timeout", () => sent.destroy(new Error(`${method} ${path} got no answer`)));
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  async function send(method: string, path: string, body?: unknown): Promise<Json> {
    const { status, text } = await request(method, path, body);
    if (status >= 300) throw new Refused(status, `${method} ${path} answered ${status}: ${text.slice(0, 500)}`);
    return JSON.parse(text) as Json;
  }
  const versionOf = (object: Json) => (object["metadata"] as Json)["resourceVersion"];
  const withVersion = (object: Json, { resourceVersion }: { readonly resourceVersion: unknown }) => ({
    ...object,
    metadata: { ...(object["metadata"] as Json), resourceVersion },
  });

  return {
    ca,
    send,
    text: async (path) => (await request("GET", path)).text,
    async put(object) {
      const { collection, single } = pathsOf(object);
      let kept: Json;
      try {
        kept = await send("POST", collection, object);
      } catch (error) {
        if (!(error instanceof Refused) || error.status !== 409) throw error;
        const old = await send("GET", single);
        // Most of a pod cannot be changed.
        kept =
          object["kind"] === "Pod"
            ? old
            : await send("PUT", single, withVersion(object, { resourceVersion: versionOf(old) }));
      }
      const status = object["status"];
      if (status === undefined || !withStatus.has(String(object["kind"]))) return;
      const observed = object["kind"] === "Pod" ? {} : { observedGeneration: (kept["metadata"] as Json)["generation"] };
      await send("PUT", `${single}/status`, { ...kept, status: { ...(status as Json), ...observed } });
    },
    dryRun: (object) => send("POST", `${pathsOf(object).collection}?dryRun=All&fieldValidation=Strict`, object),
    async remove(object) {
      await send("DELETE", `${pathsOf(object).single}?gracePeriodSeconds=0`);
    },
  };
}

function pathsOf({ apiVersion, kind, metadata }: Json): { readonly collection: string; readonly single: string } {
  const { name, namespace } = metadata as { readonly name: string; readonly namespace?: string };
  const root = String(apiVersion).includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const within = clusterWide.has(String(kind)) ? "" : `/namespaces/${namespace ?? "default"}`;
  const collection = `${root}${within}/${pluralOf(String(kind))}`;
  return { collection, single: `${collection}/${name}` };
}

function pluralOf(kind: string): string {
  const lower = kind.toLowerCase();
  if (/[^aeiou]y$/.test(lower)) return `${lower.slice(0, -1)}ies`;
  return /(s|ch)$/.test(lower) ? `${lower}es` : `${lower}s`;
}
