/** What the real-backend suite knows of a server: how it is installed, started, recognised as ready and fed. One file per backend implements it. */
import type { InstallCache } from "./install-cache.js";

/** The servers of the suite, as the state file and the progress lines name them. */
export const backendNames = [
  "prometheus2",
  "prometheus3",
  "jaeger",
  "zipkin",
  "elasticsearch8",
  "elasticsearch9",
  "postgres",
] as const;

/** One of {@link backendNames}. */
export type BackendName = (typeof backendNames)[number];

/** Where a running server answers; all URLs without a slash at their end. */
export interface ServerAddress {
  readonly url: string;
  /** Jaeger's Zipkin v2 receiver; null for every other server. */
  readonly zipkinIngestUrl: string | null;
  /** Jaeger's OTLP/HTTP receiver, where it is known. */
  readonly otlpIngestUrl?: string;
}

/** A process to spawn, and where it will answer once it is ready. */
export interface LaunchPlan {
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly address: ServerAddress;
}

/** Prepares an empty folder (data, configuration) and chooses free loopback ports. Asked again when a port was taken meanwhile. */
export type PlanLaunch = (folder: string) => Promise<LaunchPlan>;

/** One backend of the suite. */
export interface Backend {
  readonly name: BackendName;
  /** The version `install` brings. */
  readonly release: string;
  /** Names a server to use instead of installing one. */
  readonly urlVariable: string;
  /** Puts what is missing into the cache; quick when nothing is. */
  install(cache: InstallCache): Promise<PlanLaunch>;
  /** The address of a server named by the environment; null when it is not named. */
  named(environment: NodeJS.ProcessEnv): ServerAddress | null;
  /** True once the server answers queries; throws or says false before. */
  isReady(address: ServerAddress): Promise<boolean>;
  /** The version the server itself tells; null where it does not. */
  version(address: ServerAddress): Promise<string | null>;
  /** Feeds the recorded mesh and returns when all of it can be queried; says what it loaded. Loading twice changes nothing. */
  load(address: ServerAddress): Promise<string>;
}

/** The address in an environment variable; null when it is unset or empty. */
export function addressFrom(environment: NodeJS.ProcessEnv, variable: string): ServerAddress | null {
  const url = environment[variable]?.replace(/\/+$/, "");
  return url ? { url, zipkinIngestUrl: null } : null;
}
