/** A kubeconfig file → address and credentials of one API server. Pure but for the files it names. Called by kubernetes-connection.ts. */
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { errorWord, present } from "./source-connection.js";

const text = z.string().min(1).optional();
const cluster = z.looseObject({
  server: z.string().min(1),
  "certificate-authority": text,
  "certificate-authority-data": text,
  "tls-server-name": text,
  "insecure-skip-tls-verify": z.boolean().optional(),
  "proxy-url": text,
});
const user = z.looseObject({
  token: text,
  tokenFile: text,
  "client-certificate": text,
  "client-certificate-data": text,
  "client-key": text,
  "client-key-data": text,
  username: text,
  password: text,
  exec: z.looseObject({ command: text }).optional(),
  "auth-provider": z.looseObject({ name: text }).optional(),
  as: text,
});
const named = <T extends z.ZodType>(key: string, shape: T) =>
  z.array(z.looseObject({ name: z.string(), [key]: shape })).nullish();
const kubeconfig = z.looseObject({
  "current-context": z.string().optional(),
  contexts: named("context", z.looseObject({ cluster: z.string(), user: z.string().optional() })),
  clusters: named("cluster", cluster),
  users: named("user", user.nullish()),
});

/** How to reach an API server. `token`, `password` and `tls.key` are secret. */
export interface KubernetesAccess {
  readonly url: string;
  readonly token?: string;
  /** Read again from time to time: tokens of service accounts rotate. */
  readonly tokenFile?: string;
  readonly basicAuth?: { readonly username: string; readonly password: string };
  readonly tls: {
    readonly ca?: string;
    readonly cert?: string;
    readonly key?: string;
    readonly serverName?: string;
    readonly insecureSkipVerify?: boolean;
  };
}

/** A kubeconfig that cannot be used: one sentence with the remedy, no value of it that may be secret. */
export class KubeconfigProblem extends Error {}

/**
 * Reads a context.
 * @param context null: the file's current one
 * @throws KubeconfigProblem for a file, context, user or credential that is missing or of a way Meshlens does not go
 */
export function readKubeconfig(file: string, context: string | null): KubernetesAccess {
  const parsed = kubeconfig.safeParse(parseYaml(file));
  if (!parsed.success) {
    const at = parsed.error.issues[0]?.path.join(".") ?? "";
    throw new KubeconfigProblem(
      `the file ${file} is no kubeconfig${at === "" ? "" : `: ${at} is missing or not right`}`,
    );
  }
  const config = parsed.data;
  const wanted = context ?? config["current-context"] ?? "";
  const found = config.contexts?.find(({ name }) => name === wanted)?.["context"];
  if (found === undefined) {
    const known = (config.contexts ?? []).map(({ name }) => name).join(", ") || "none";
    const what = wanted === "" ? "has no current-context" : `has no context "${wanted}"`;
    throw new KubeconfigProblem(`the file ${file} ${what}: set context to one of its contexts (${known})`);
  }
  const { cluster: clusterName, user: userName } = found as { cluster: string; user?: string };
  const at = config.clusters?.find(({ name }) => name === clusterName)?.["cluster"] as
    | z.output<typeof cluster>
    | undefined;
  if (at === undefined)
    throw new KubeconfigProblem(`the file ${file} has no cluster "${clusterName}" for context "${wanted}"`);
  const listed = config.users?.find(({ name }) => name === userName);
  if (userName !== undefined && userName !== "" && listed === undefined)
    throw new KubeconfigProblem(`the file ${file} has no user "${userName}" for context "${wanted}"`);
  const as = (listed?.["user"] ?? {}) as z.output<typeof user>;
  refuse(file, userName ?? "", at, as);
  return accessOf(file, at, as);
}

function parseYaml(file: string): unknown {
  const source = readFile(file);
  try {
    return parse(source);
  } catch {
    // The parser's message may quote a line with a token.
    throw new KubeconfigProblem(`the file ${file} is not YAML`);
  }
}

/** What would run a program, ask another server or act as somebody else. */
function refuse(file: string, name: string, at: z.output<typeof cluster>, as: z.output<typeof user>): void {
  const remedy = "use a service account's token (token or tokenFile) or a client certificate";
  if (as.exec !== undefined)
    throw new KubeconfigProblem(
      `user "${name}" of ${file} gets its token from a program (exec${as.exec.command === undefined ? "" : `: ${as.exec.command}`}), and Meshlens runs none: ${remedy}`,
    );
  if (as["auth-provider"] !== undefined)
    throw new KubeconfigProblem(
      `user "${name}" of ${file} uses an auth-provider, which Kubernetes has dropped: ${remedy}`,
    );
  if (as.as !== undefined)
    throw new KubeconfigProblem(
      `user "${name}" of ${file} acts as somebody else (as), which Meshlens does not do: ${remedy}`,
    );
  if (at["proxy-url"] !== undefined)
    throw new KubeconfigProblem(
      `${file} reaches the cluster through a proxy (proxy-url), which Meshlens does not do: name an address it reaches itself`,
    );
  if (!URL.canParse(at.server) || !/^https?:$/.test(new URL(at.server).protocol))
    throw new KubeconfigProblem(`the server of ${file} is not an http:// or https:// URL`);
}

function accessOf(file: string, at: z.output<typeof cluster>, as: z.output<typeof user>): KubernetesAccess {
  // Paths in a kubeconfig are relative to it.
  const pathOf = (path: string) => resolve(dirname(file), path);
  const pem = (data: string | undefined, path: string | undefined) => {
    if (data !== undefined) return Buffer.from(data, "base64").toString("utf8");
    return path === undefined ? undefined : readFile(pathOf(path));
  };
  const { token, tokenFile, username, password } = as;
  return {
    url: at.server.replace(/\/+$/, ""),
    ...(tokenFile !== undefined ? { tokenFile: pathOf(tokenFile) } : present({ token })),
    ...(username !== undefined && password !== undefined ? { basicAuth: { username, password } } : {}),
    tls: present({
      ca: pem(at["certificate-authority-data"], at["certificate-authority"]),
      cert: pem(as["client-certificate-data"], as["client-certificate"]),
      key: pem(as["client-key-data"], as["client-key"]),
      serverName: at["tls-server-name"],
      insecureSkipVerify: at["insecure-skip-tls-verify"],
    }),
  };
}

function readFile(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new KubeconfigProblem(`the file ${file} cannot be read (${errorWord(error)})`);
  }
}
