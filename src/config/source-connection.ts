/** What a source's adapter needs to connect, with files of secrets and certificates read. Made by loadConfig. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { SourceConnection } from "../telemetry/source-connection.js";
import type { SourceSettings } from "./source-schema.js";

/** Settings of a source of one kind. */
export type SettingsOf<K extends SourceSettings["kind"]> = Extract<SourceSettings, { readonly kind: K }>;

/** Kinds reached by URL; kubernetes finds its server by itself (kubernetes-connection.ts). */
export type UrlSource = Exclude<SourceSettings, { kind: "kubernetes" }>;

/** What is needed to reach something by URL. */
export type Reachable = Pick<
  UrlSource,
  "name" | "url" | "headers" | "auth" | "tls" | "timeoutMs" | "maxResponseBytes" | "maxConcurrent"
>;

/** A connection with everything the schema has defaults for. */
export type ConfiguredConnection = SourceConnection &
  Required<Pick<SourceConnection, "headers" | "timeoutMs" | "maxResponseBytes" | "maxConcurrent">> & {
    /** Kubernetes only: a file whose token is sent, read again as it rotates. */
    readonly tokenFile?: string;
    /** Kubernetes only: why it cannot be reached at all, for people. */
    readonly unusable?: string;
  };

/** Told about each file that cannot be read: the key path below the source, and why. */
export type ReportFile = (path: readonly PropertyKey[], message: string) => void;

/** Reads the files a source names, relative to `directory`. Unreadable ones are reported and left out. */
export function readConnection(source: Reachable, directory: string, report: ReportFile): ConfiguredConnection {
  const read = (file: string | undefined, ...path: readonly PropertyKey[]) =>
    file === undefined ? undefined : readText(resolve(directory, file), path, report);
  const secret = (value: string | undefined, file: string | undefined, ...path: readonly PropertyKey[]) =>
    value ?? read(file, ...path)?.trim();

  const { auth, tls } = source;
  const password = secret(auth?.basic?.password, auth?.basic?.passwordFile, "auth", "basic", "passwordFile");
  const bearerToken = secret(auth?.bearer?.token, auth?.bearer?.tokenFile, "auth", "bearer", "tokenFile");
  const apiKey = secret(auth?.apiKey?.key, auth?.apiKey?.keyFile, "auth", "apiKey", "keyFile");
  return {
    name: source.name,
    url: source.url,
    headers: source.headers,
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(auth?.basic && password !== undefined ? { basicAuth: { username: auth.basic.username, password } } : {}),
    ...(bearerToken === undefined ? {} : { bearerToken }),
    ...(tls === undefined
      ? {}
      : {
          tls: present({
            ca: read(tls.caFile, "tls", "caFile"),
            cert: read(tls.certFile, "tls", "certFile"),
            key: read(tls.keyFile, "tls", "keyFile"),
            serverName: tls.serverName,
            insecureSkipVerify: tls.insecureSkipVerify,
          }),
        }),
    timeoutMs: source.timeoutMs,
    maxResponseBytes: source.maxResponseBytes,
    maxConcurrent: source.maxConcurrent,
  };
}

/** An object without its undefined values. */
export function present<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

/** The text of a file; one that cannot be read or is empty is reported. */
export function readText(file: string, path: readonly PropertyKey[], report: ReportFile): string | undefined {
  try {
    const text = readFileSync(file, "utf8");
    if (text.trim() !== "") return text;
    report(path, `the file ${file} is empty`);
  } catch (error) {
    report(path, `the file ${file} cannot be read (${errorWord(error)})`);
  }
  return undefined;
}

/** The system's short word for a failed file operation, such as ENOENT. */
export function errorWord(error: unknown): string {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : null;
  return typeof code === "string" ? code : "unknown error";
}
