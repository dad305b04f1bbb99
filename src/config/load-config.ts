/** The configuration file → what the composition root plugs together. The only reader of configuration files and environment. */
import { readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { createSecureContext } from "node:tls";
import { MeshlensError } from "../errors.js";
import { type ConfigProblem, formatPath, formatProblem } from "./config-problem.js";
import { configSchema, type MeshlensConfig } from "./config-schema.js";
import type { Environment } from "./interpolate.js";
import { webUrl } from "./key-types.js";
import { readKubernetesConnection } from "./kubernetes-connection.js";
import { parseConfig } from "./parse-config.js";
import {
  type ConfiguredConnection,
  errorWord,
  type ReportFile,
  readConnection,
  readText,
} from "./source-connection.js";

/** Certificate and key of our own listener in PEM, and where they were read. */
export interface ServerTls {
  readonly cert: string;
  readonly key: string;
  readonly certFile: string;
  readonly keyFile: string;
}

/** A checked configuration with everything it points to read. */
export interface LoadedConfig {
  /** The file it came from, as the user named it; null for the embedded default. */
  readonly file: string | null;
  readonly config: MeshlensConfig;
  /** By source name. */
  readonly connections: ReadonlyMap<string, ConfiguredConnection>;
  /** Of the keys of issuers, by the issuer's name; left out where none is configured. */
  readonly issuers?: ReadonlyMap<string, ConfiguredConnection>;
  /** Of Alertmanager's API; left out where its address is not configured. */
  readonly alertmanager?: ConfiguredConnection;
  /** Of the server's own https; left out where it speaks http. */
  readonly serverTls?: ServerTls;
  /** Every secret value, for the logger to strike out. Never print it. */
  readonly secrets: readonly string[];
  /** Where spans are sent (OTEL_EXPORTER_OTLP_ENDPOINT); null: nowhere. */
  readonly otlpEndpoint: string | null;
}

const maxFileBytes = 1_048_576;
const defaultFile = "meshlens.yaml";

/** The configuration without a file, whatever the working directory holds: loopback, no sources. */
export function embeddedConfig(environment: Environment): LoadedConfig {
  const otlpEndpoint = readOtlpEndpoint(environment);
  return { file: null, config: configSchema.parse({}), connections: new Map(), secrets: [], otlpEndpoint };
}

/**
 * Loads `file`; without one, `meshlens.yaml` of the working directory when it is there, else the embedded default.
 * @throws MESHLENS_ERR_CONFIG_INVALID with one line per problem, `file:line:column: key: what and how to mend it`
 */
export function loadConfig(file: string | null, environment: Environment): LoadedConfig {
  const isGiven = file !== null;
  const path = file ?? defaultFile;
  const otlpEndpoint = readOtlpEndpoint(environment);
  const text = readConfigFile(path, isGiven);
  if (text === null) return embeddedConfig(environment);

  const parsed = parseConfig(text, environment);
  if (parsed.config === null) throw invalid(path, parsed.problems);

  const problems: ConfigProblem[] = [];
  const connections = new Map<string, ConfiguredConnection>();
  const folder = dirname(resolve(path));
  const reportTo =
    (...above: readonly PropertyKey[]): ReportFile =>
    (below, message) => {
      const keyPath = [...above, ...below];
      problems.push({ ...parsed.tree.placeOf(keyPath), path: formatPath(keyPath), message });
    };
  for (const [index, source] of parsed.config.sources.entries()) {
    const report = reportTo("sources", index);
    const connection =
      source.kind === "kubernetes"
        ? readKubernetesConnection(source, folder, environment, report)
        : readConnection(source, folder, report);
    connections.set(source.name, connection);
  }
  const section = parsed.config.alerting?.alertmanager;
  const alertmanager =
    section?.url === undefined
      ? {}
      : {
          alertmanager: readConnection(
            { ...section, url: section.url, name: "alertmanager" },
            folder,
            reportTo("alerting", "alertmanager"),
          ),
        };
  const issuers = issuerConnections(parsed.config, folder, (index) => reportTo("auth", "oidc", index));
  const serverTls = readServerTls(parsed.config, folder, reportTo("server", "tls"));
  if (problems.length > 0) throw invalid(path, problems);
  const reached = [...connections.values(), ...Object.values(alertmanager)];
  return {
    file: path,
    config: parsed.config,
    connections,
    ...alertmanager,
    ...(issuers.size === 0 ? {} : { issuers }),
    ...(serverTls === null ? {} : { serverTls }),
    secrets: secretsOf(parsed.config, reached),
    otlpEndpoint,
  };
}

/** Null without TLS, and where a file was reported. */
function readServerTls({ server: { tls } }: MeshlensConfig, folder: string, report: ReportFile) {
  if (tls === undefined) return null;
  const [certFile, keyFile] = [resolve(folder, tls.certFile), resolve(folder, tls.keyFile)];
  const cert = readText(certFile, ["certFile"], report);
  const key = readText(keyFile, ["keyFile"], report);
  if (cert === undefined || key === undefined) return null;
  try {
    createSecureContext({ cert, key });
    return { cert, key, certFile, keyFile };
  } catch {
    report([], "certFile and keyFile are no certificate and its key in PEM");
    return null;
  }
}

const jwksTimeoutMs = 5_000;
const jwksMaxBytes = 262_144;

function issuerConnections(
  { auth }: MeshlensConfig,
  folder: string,
  reportTo: (index: number) => ReportFile,
): ReadonlyMap<string, ConfiguredConnection> {
  const issuers = auth === undefined || auth === "none" ? [] : auth.oidc;
  return new Map(
    issuers.map(({ name, jwksUrl, caFile }, index) => {
      const report = reportTo(index);
      const reach = { name, url: jwksUrl, headers: {}, auth: undefined, maxConcurrent: 1 };
      const limits = { timeoutMs: jwksTimeoutMs, maxResponseBytes: jwksMaxBytes };
      const tls = caFile === undefined ? undefined : { caFile, insecureSkipVerify: false };
      return [name, readConnection({ ...reach, ...limits, tls }, folder, (_, message) => report(["caFile"], message))];
    }),
  );
}

function readOtlpEndpoint(environment: Environment): string | null {
  const endpoint = environment["OTEL_EXPORTER_OTLP_ENDPOINT"] ?? "";
  if (endpoint === "") return null;
  if (webUrl.safeParse(endpoint).success) return endpoint;
  const message = "is not an http:// or https:// URL without user and password: mend or unset it";
  throw invalid("environment", [{ line: null, column: null, path: "OTEL_EXPORTER_OTLP_ENDPOINT", message }]);
}

function readConfigFile(path: string, isGiven: boolean): string | null {
  const fail = (message: string) => invalid(path, [{ line: null, column: null, path: "", message }]);
  try {
    const facts = statSync(path);
    if (!facts.isFile()) throw fail("is not a file");
    if (facts.size > maxFileBytes) throw fail("is larger than 1 MiB, which no configuration needs");
    return new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    if (error instanceof MeshlensError) throw error;
    const word = errorWord(error);
    if (word === "ERR_ENCODING_INVALID_ENCODED_DATA") throw fail("is not UTF-8 text");
    if (word === "ENOENT" && !isGiven) return null;
    throw fail(word === "ENOENT" ? "does not exist" : `cannot be read (${word})`);
  }
}

function invalid(file: string, problems: readonly ConfigProblem[]): MeshlensError {
  const lines = problems.map((problem) => formatProblem(file, problem));
  const at = problems.find((problem) => problem.path !== "")?.path;
  return new MeshlensError("MESHLENS_ERR_CONFIG_INVALID", lines.join("\n"), at === undefined ? {} : { at });
}

function secretsOf(config: MeshlensConfig, connections: readonly ConfiguredConnection[]): readonly string[] {
  const found = connections.flatMap((connection) => [
    ...Object.values(connection.headers),
    connection.basicAuth?.password,
    connection.basicAuth && basicToken(connection.basicAuth),
    connection.bearerToken,
    connection.apiKey,
    connection.tls?.key,
  ]);
  const { slack } = config;
  const ofSlack = [
    slack?.token,
    slack?.signingSecret,
    slack?.webhookUrl,
    slack?.webhookUrl && pathOf(slack.webhookUrl),
  ];
  const all = [...found, ...ofSlack, config.store && passwordOf(config.store.url)];
  return [...new Set(all.filter((value): value is string => value !== undefined && value.length >= 4))];
}

function basicToken({ username, password }: { readonly username: string; readonly password: string }): string {
  return Buffer.from(`${username}:${password}`).toString("base64");
}

/** What is secret of a webhook's URL, should somebody tell it without its host. */
function pathOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).pathname : undefined;
}

function passwordOf(url: string): string | undefined {
  const password = URL.canParse(url) ? decodeURIComponent(new URL(url).password) : "";
  return password === "" ? undefined : password;
}
