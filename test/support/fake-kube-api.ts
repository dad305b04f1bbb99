/** A Kubernetes API server of a few lines on loopback: lists in pages, watches from a version, and goes wrong on command. */
import http from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { objectiveKinds } from "../../src/sources/kubernetes/objective-kinds.js";
import { readKinds, resourceName } from "../../src/sources/kubernetes/read-kinds.js";
import type { Json } from "./kube-objects.js";

/** One request as interceptors and tests see it. */
export interface KubeRequest {
  /** `pods`, `virtualservices.networking.istio.io`; null for discovery and the version. */
  readonly resource: string | null;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly isWatch: boolean;
  readonly headers: http.IncomingHttpHeaders;
  /** Of a POST. */
  readonly body: Promise<string>;
}

/** Answers instead of the server when it returns true. */
export type Intercept = (request: KubeRequest, response: http.ServerResponse) => boolean;

/** The running server. */
export interface FakeKubeApi {
  readonly url: string;
  /** Creates or changes. */
  put(object: Json): void;
  remove(object: Json): void;
  /** Kinds nobody may read, by resource name. */
  readonly forbidden: Set<string>;
  /** Custom resources that are not there, by resource name. */
  readonly absent: Set<string>;
  /** Versions until now are forgotten: who watches from one is told 410. */
  forget(): void;
  /** Ends every watch: with a line of its own first, or cut. */
  endWatches(line?: Json): void;
  /** Sends a line, right or wrong, to the watches of a resource. */
  send(resource: string, line: string): void;
  intercept: Intercept | null;
  readonly requests: readonly KubeRequest[];
  watchCount(resource?: string): number;
  /** Cuts all connections and refuses new ones until `accept`. */
  refuse(): Promise<void>;
  accept(): Promise<void>;
  close(): Promise<void>;
}

interface Stored {
  readonly resource: string;
  readonly object: Json;
}

interface HistoryEntry extends Stored {
  readonly version: number;
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
}

interface Watch {
  readonly resource: string;
  readonly namespace: string | null;
  readonly response: http.ServerResponse;
}

/** The version custom resources are served in, and where it is listed first. */
const versionOf = (group: string) => (group === "pyrra.dev" ? "v1alpha1" : "v1");

const servedKinds = [...readKinds, ...objectiveKinds];

/** Starts with nothing in it. */
export async function startFakeKubeApi(): Promise<FakeKubeApi> {
  const objects = new Map<string, Stored>();
  const forbidden = new Set<string>();
  const absent = new Set<string>();
  const requests: KubeRequest[] = [];
  const watches = new Set<Watch>();
  const sockets = new Set<Socket>();
  let history: HistoryEntry[] = [];
  let version = 100;
  let oldest = 100;
  let interceptor: Intercept | null = null;

  const fail = (response: http.ServerResponse, code: number, headers: Record<string, string> = {}) => {
    response.writeHead(code, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify({ kind: "Status", apiVersion: "v1", code, message: "told by the fake" }));
  };
  const json = (response: http.ServerResponse, body: unknown) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify(body));
  };

  function answer(request: KubeRequest, namespace: string | null, response: http.ServerResponse): unknown {
    const { path, query, resource } = request;
    if (path === "/version") return json(response, { gitVersion: "v1.34.2-fake" });
    if (path === "/apis") return json(response, { groups: groups(absent) });
    const found = /^\/apis\/([^/]+)\/([^/]+)$/.exec(path);
    if (found !== null) return json(response, { resources: resourcesOf(found[1] ?? "", absent) });
    if (resource === null || absent.has(resource)) return fail(response, 404);
    if (forbidden.has(resource)) return fail(response, 403);
    if (!request.isWatch) return list(resource, namespace, query, response);
    const from = Number(query.get("resourceVersion"));
    if (from < oldest) return fail(response, 410);
    response.writeHead(200, { "content-type": "application/json" });
    response.flushHeaders();
    const watch = { resource, namespace, response };
    for (const entry of history) if (entry.version > from) tell(watch, entry);
    watches.add(watch);
    return response.once("close", () => watches.delete(watch));
  }

  function list(
    resource: string,
    namespace: string | null,
    query: URLSearchParams,
    response: http.ServerResponse,
  ): unknown {
    const all = [...objects.values()].filter(
      (one) => one.resource === resource && (namespace === null || namespaceOf(one.object) === namespace),
    );
    const [at, from] = (query.get("continue") ?? `${version}:0`).split(":").map(Number) as [number, number];
    if (at < oldest) return fail(response, 410);
    const end = from + Number(query.get("limit") ?? all.length);
    // As the real one: items of a list do not say what they are.
    const items = all.slice(from, end).map(({ object: { apiVersion: _, kind: __, ...rest } }) => rest);
    const metadata = { resourceVersion: String(at), ...(end < all.length && { continue: `${at}:${end}` }) };
    return json(response, { kind: "List", apiVersion: "v1", metadata, items });
  }

  function tell({ resource, namespace, response }: Watch, entry: HistoryEntry): void {
    if (entry.resource !== resource || (namespace !== null && namespaceOf(entry.object) !== namespace)) return;
    response.write(`${JSON.stringify({ type: entry.type, object: entry.object })}\n`);
  }

  function happen(type: HistoryEntry["type"], raw: Json): void {
    version += 1;
    const metadata = { ...(raw["metadata"] as Json), resourceVersion: String(version) };
    const entry = { type, version, resource: resourceOf(raw), object: { ...raw, metadata } };
    history.push(entry);
    if (type === "DELETED") objects.delete(keyOf(raw));
    else objects.set(keyOf(raw), entry);
    for (const watch of watches) tell(watch, entry);
  }

  const server = http.createServer((incoming, response) => {
    const body = textOf(incoming);
    const url = new URL(incoming.url ?? "/", "http://kube");
    const found = /^\/(?:api|apis\/([^/]+))\/[^/]+(?:\/namespaces\/([^/]+))?\/([^/]+)$/.exec(url.pathname);
    const resource = found === null ? null : [found[3], found[1]].filter(Boolean).join(".");
    const known = servedKinds.find((kind) => fullName(kind) === resource);
    const request: KubeRequest = {
      resource: known === undefined ? null : resourceName(known),
      path: url.pathname,
      query: url.searchParams,
      isWatch: url.searchParams.get("watch") === "1",
      headers: incoming.headers,
      body,
    };
    requests.push(request);
    if (interceptor?.(request, response) !== true) answer(request, found?.[2] ?? null, response);
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("close", () => sockets.delete(socket));
  });
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", resolve));
  async function refuse(): Promise<void> {
    for (const socket of sockets) socket.destroy();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  }

  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    put: (object) => happen(objects.has(keyOf(object)) ? "MODIFIED" : "ADDED", object),
    remove: (object) => happen("DELETED", object),
    forbidden,
    absent,
    forget() {
      version += 1;
      oldest = version;
      history = [];
    },
    endWatches(line) {
      for (const { response } of watches) {
        if (line === undefined) response.end();
        else response.end(`${JSON.stringify(line)}\n`);
      }
      watches.clear();
    },
    send(resource, line) {
      for (const watch of watches) if (watch.resource === resource) watch.response.write(`${line}\n`);
    },
    get intercept() {
      return interceptor;
    },
    set intercept(next) {
      interceptor = next;
    },
    requests,
    watchCount: (resource) => [...watches].filter((one) => resource === undefined || one.resource === resource).length,
    refuse,
    accept: () => listen(port),
    close: refuse,
  };
}

function textOf(incoming: http.IncomingMessage): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    incoming.on("data", (piece) => {
      text += piece;
    });
    incoming.once("close", () => resolve(text));
  });
}

function fullName({ group, plural }: (typeof servedKinds)[number]): string {
  return [plural, group].filter(Boolean).join(".");
}

function groups(absent: ReadonlySet<string>): readonly Json[] {
  const there = servedKinds.filter((kind) => kind.version === null && !absent.has(resourceName(kind)));
  return [...new Set(there.map(({ group }) => group))].map((name) => {
    const version = { version: versionOf(name) };
    return { name, versions: [version], preferredVersion: version };
  });
}

function resourcesOf(group: string, absent: ReadonlySet<string>): readonly Json[] {
  return servedKinds
    .filter((kind) => kind.group === group && !absent.has(resourceName(kind)))
    .map(({ plural }) => ({ name: plural, verbs: ["get", "list", "watch"] }));
}

function resourceOf({ apiVersion, kind }: Json): string {
  const group = String(apiVersion).includes("/") ? String(apiVersion).split("/")[0] : "";
  const known = servedKinds.find((one) => one.group === group && one.kind === kind);
  if (known === undefined) throw new Error(`${apiVersion} ${kind} is not read`);
  return resourceName(known);
}

function namespaceOf(object: Json): string {
  return String((object["metadata"] as Json)["namespace"] ?? "");
}

function keyOf(object: Json): string {
  return `${resourceOf(object)} ${namespaceOf(object)}/${String((object["metadata"] as Json)["name"])}`;
}
