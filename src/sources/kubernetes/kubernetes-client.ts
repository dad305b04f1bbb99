/** The questions a Kubernetes source asks the API server: all of them reads (a review of access is made by POST and kept nowhere). Called by follow-kind.ts, installed-kinds.ts and the source. */
import { isMeshlensError, MeshlensError } from "../../errors.js";
import { dateSkewMs } from "../../http/date-skew.js";
import type { HttpAnswer, HttpRequest, StreamingHttpClient } from "../../http/http-client.js";
import type { Clock } from "../../telemetry/clock.js";
import type { CallOptions } from "../../telemetry/source.js";
import type { BearerToken } from "./bearer-token.js";
import {
  decodeAccessReview,
  decodeGroups,
  decodeLine,
  decodeList,
  decodeResources,
  decodeVersion,
  type ListPage,
  type ObjectName,
  type WatchLine,
} from "./kubernetes-decode.js";
import { apiVersionOf, type ReadKind } from "./read-kinds.js";
import { readLines } from "./read-lines.js";

/** What is read: a kind in one of its versions, of one namespace or of all (null). */
export interface ReadTarget {
  readonly kind: ReadKind;
  readonly version: string;
  readonly namespace: string | null;
}

/** Why there is no answer, where that is one: no right to it, no such kind, a version or page the server has forgotten. */
export type NoAnswer = "forbidden" | "absent" | "expired";

/** A watch that was opened. */
export interface OpenWatch {
  readonly lines: AsyncIterable<WatchLine>;
  close(): void;
}

/** The client. All methods throw MESHLENS_ERR_SOURCE_*. */
export interface KubernetesClient {
  /** @param next null for the first page */
  list(target: ReadTarget, next: string | null, limit: number, options: CallOptions): Promise<ListPage | NoAnswer>;
  /** Returns when the watch is open. `seconds`: when the server ends it. */
  watch(
    target: ReadTarget,
    resourceVersion: string,
    seconds: number,
    options: CallOptions,
  ): Promise<OpenWatch | NoAnswer>;
  /** Served versions by API group, preferred first. */
  groups(options: CallOptions): Promise<ReadonlyMap<string, readonly string[]>>;
  /** Plural names of what a group serves in a version. */
  resources(group: string, version: string, options: CallOptions): Promise<ReadonlySet<string>>;
  version(options: CallOptions): Promise<string>;
  /** Whether our own user may do that with a kind; null where the server does not say. */
  mayI(kind: ReadKind, verb: string, namespace: string | null, options: CallOptions): Promise<boolean | null>;
  /** How far the server's clock is ahead of ours, ms; null when it does not tell. */
  clockSkewMs(options: CallOptions): Promise<number | null>;
}

const noAnswers: Readonly<Record<number, NoAnswer>> = { 403: "forbidden", 404: "absent", 410: "expired" };
const acceptStatus = Object.keys(noAnswers).map(Number);

/** @param deps.source the source's name, for errors */
export function createKubernetesClient(deps: {
  readonly source: string;
  readonly http: StreamingHttpClient;
  readonly token: BearerToken;
  readonly clock: Clock;
}): KubernetesClient {
  const { source, http, token, clock } = deps;

  /** Sends with the token of now; a token that is refused is read again before the next call. */
  async function authorized<T>(request: HttpRequest, send: (request: HttpRequest) => Promise<T>): Promise<T> {
    const bearer = await token.current();
    const authorization = bearer === null ? {} : { authorization: `Bearer ${bearer}` };
    try {
      return await send({ ...request, headers: { ...request.headers, ...authorization } });
    } catch (error) {
      if (!isMeshlensError(error) || error.details.status !== 401) throw error;
      token.refused();
      throw new MeshlensError(
        "MESHLENS_ERR_SOURCE_UNAUTHORIZED",
        `${source} answered 401: the token or client certificate of its kubeconfig or service account is not accepted; renew it`,
        error.details,
        error,
      );
    }
  }
  const ask = (request: HttpRequest, options: CallOptions): Promise<HttpAnswer> =>
    authorized(request, (whole) => http.request(whole, options));

  return {
    async list(target, next, limit, options) {
      const query = { ...selection(target), limit: String(limit), ...(next === null ? {} : { continue: next }) };
      const answer = await ask(requestOf(target, "list", query), options);
      return noAnswers[answer.status] ?? decodeList(source, answer.body, nameOf(target));
    },

    async watch(target, resourceVersion, seconds, options) {
      const query = {
        ...selection(target),
        watch: "1",
        resourceVersion,
        allowWatchBookmarks: "true",
        timeoutSeconds: String(seconds),
      };
      const stream = await authorized(requestOf(target, "watch", query), (whole) => http.stream(whole, options));
      const none = noAnswers[stream.status];
      if (none !== undefined) {
        stream.close();
        return none;
      }
      const name = nameOf(target);
      async function* lines(): AsyncGenerator<WatchLine> {
        for await (const line of readLines(source, stream.chunks)) yield decodeLine(source, line, name);
      }
      return { lines: lines(), close: () => stream.close() };
    },

    groups: async (options) => decodeGroups(source, (await ask(plain("/apis", "groups"), options)).body),
    async resources(group, version, options) {
      const path = `/apis/${encodeURIComponent(group)}/${encodeURIComponent(version)}`;
      const answer = await ask({ ...plain(path, "resources"), acceptStatus: [404] }, options);
      return answer.status === 404 ? new Set() : decodeResources(source, answer.body);
    },
    async mayI({ group, plural: resource }, verb, namespace, options) {
      const where = namespace === null ? {} : { namespace };
      const json = {
        apiVersion: "authorization.k8s.io/v1",
        kind: "SelfSubjectAccessReview",
        spec: { resourceAttributes: { group, resource, verb, ...where } },
      };
      const path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
      const request: HttpRequest = { method: "POST", path, operation: "access", json, acceptStatus: [403, 404] };
      const answer = await ask(request, options);
      return answer.status >= 400 ? null : decodeAccessReview(source, answer.body);
    },
    clockSkewMs: async (options) => dateSkewMs(await ask(plain("/version", "version"), options), clock.nowMs()),
    version: async (options) => decodeVersion(source, (await ask(plain("/version", "version"), options)).body),
  };
}

function plain(path: string, operation: string): HttpRequest {
  return { method: "GET", path, operation };
}

function selection({ kind }: ReadTarget): Readonly<Record<string, string>> {
  return kind.fieldSelector === null ? {} : { fieldSelector: kind.fieldSelector };
}

function nameOf({ kind, version }: ReadTarget): ObjectName {
  return { apiVersion: apiVersionOf(kind, version), kind: kind.kind };
}

function requestOf(
  { kind, version, namespace }: ReadTarget,
  operation: "list" | "watch",
  query: Readonly<Record<string, string>>,
): HttpRequest {
  const root = kind.group === "" ? `/api/${version}` : `/apis/${kind.group}/${version}`;
  const path = `${root}${namespace === null ? "" : `/namespaces/${encodeURIComponent(namespace)}`}/${kind.plural}`;
  const form = operation === "list" ? "PartialObjectMetadataList" : "PartialObjectMetadata";
  const accept =
    kind.form === "whole" ? "application/json" : `application/json;as=${form};g=meta.k8s.io;v=v1,application/json`;
  return { method: "GET", path, query, operation, headers: { accept }, acceptStatus };
}
