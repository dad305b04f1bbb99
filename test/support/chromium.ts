/** A Chromium without a screen, driven over its debugging protocol: what a reader of a page sees and presses. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WebSocket } from "ws";
import { waitUntil } from "./wait-until.js";

/** A page. */
export interface BrowserPage {
  open(url: string): Promise<void>;
  /** The value of an expression in the page, promises waited for. @throws with the page's own exception */
  evaluate<T>(expression: string): Promise<T>;
  /** Waits until an expression in the page is true. */
  until(what: string, expression: string, limitMs?: number): Promise<void>;
  screenshot(options?: { readonly isWhole?: boolean }): Promise<Buffer>;
  resize(width: number, height: number): Promise<void>;
  scheme(scheme: "light" | "dark"): Promise<void>;
  /** Servers that were asked for something. */
  hosts(): readonly string[];
  /** Exceptions, and what the browser itself complains of: a policy that was broken, a file that is missing. */
  complaints(): readonly string[];
}

/** A running browser with one page. */
export interface Browser {
  readonly page: BrowserPage;
  close(): Promise<void>;
}

interface Answer {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
  readonly method?: string;
  readonly params?: unknown;
}

const startWithinMs = 30_000;

/** Starts one. @param program such as `chromium` */
export async function startChromium(program: string): Promise<Browser> {
  const folder = await mkdtemp(join(tmpdir(), "meshlens-chromium-"));
  const flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--remote-debugging-port=0"];
  const child = spawn(program, [...flags, "--window-size=1200,900", `--user-data-dir=${folder}`, "about:blank"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let told = "";
  child.stderr.on("data", (chunk) => {
    told += chunk;
  });
  const ended = once(child, "exit");
  const portOf = () => /ws:\/\/127\.0\.0\.1:(\d+)\//.exec(told)?.[1];
  await waitUntil("Chromium's debugging port", () => portOf() !== undefined, { limitMs: startWithinMs });
  let url: string | undefined;
  await waitUntil("Chromium's page", async () => {
    const targets = (await (await fetch(`http://127.0.0.1:${portOf()}/json`)).json()) as readonly Target[];
    url = targets.find(({ type }) => type === "page")?.webSocketDebuggerUrl;
    return url !== undefined;
  });
  const socket = new WebSocket(url ?? "");
  await once(socket, "open");
  const page = await pageOver(socket);
  return {
    page,
    async close() {
      socket.close();
      child.kill("SIGTERM");
      await ended;
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

interface Target {
  readonly type: string;
  readonly webSocketDebuggerUrl: string;
}

async function pageOver(socket: WebSocket): Promise<BrowserPage> {
  const waiting = new Map<number, (answer: Answer) => void>();
  const hosts = new Set<string>();
  const complaints: string[] = [];
  let [sent, loaded] = [0, 0];
  socket.on("message", (data) => {
    const answer = JSON.parse(String(data)) as Answer;
    if (answer.id !== undefined) waiting.get(answer.id)?.(answer);
    else note(answer);
  });

  function note({ method, params }: Answer): void {
    if (method === "Page.loadEventFired") loaded += 1;
    if (method === "Network.requestWillBeSent") {
      const { protocol, host } = new URL((params as { readonly request: { readonly url: string } }).request.url);
      if (protocol !== "data:") hosts.add(host);
    }
    if (method === "Runtime.exceptionThrown" || method === "Log.entryAdded") complaints.push(JSON.stringify(params));
  }

  async function send<T>(method: string, params: object = {}): Promise<T> {
    sent += 1;
    const id = sent;
    const answered = new Promise<Answer>((resolve) => waiting.set(id, resolve));
    socket.send(JSON.stringify({ id, method, params }));
    const { result, error } = await answered;
    waiting.delete(id);
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result as T;
  }

  async function evaluate<T>(expression: string): Promise<T> {
    const asked = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = await send<{
      readonly result: { readonly value: T };
      readonly exceptionDetails?: { readonly exception?: { readonly description?: string } };
    }>("Runtime.evaluate", asked);
    if (exceptionDetails !== undefined) throw new Error(exceptionDetails.exception?.description ?? "an exception");
    return result.value;
  }

  for (const domain of ["Network", "Page", "Runtime", "Log"]) await send(`${domain}.enable`);
  return {
    evaluate,
    async open(url) {
      const before = loaded;
      await send("Page.navigate", { url });
      await waitUntil(`${url} is loaded`, () => loaded > before, { limitMs: 30_000 });
    },
    until: (what, expression, limitMs = 30_000) =>
      waitUntil(what, async () => (await evaluate(expression)) === true, { limitMs }),
    async screenshot({ isWhole = false } = {}) {
      const { data } = await send<{ readonly data: string }>("Page.captureScreenshot", {
        format: "png",
        captureBeyondViewport: isWhole,
      });
      return Buffer.from(data, "base64");
    },
    resize: async (width, height) =>
      void (await send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: false })),
    scheme: async (value) =>
      void (await send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value }] })),
    hosts: () => [...hosts],
    complaints: () => complaints,
  };
}
