/** What a demo's server answers beside the API: which scenario runs, another one, and the mesh's metrics for a Prometheus. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Authenticate } from "../access/authenticate.js";
import { type Action, requireAction, requireSight } from "../access/principal.js";
import { isLoopback } from "../config/check-meaning.js";
import { MeshlensError } from "../errors.js";

/** A story the mesh can live through, in sentences for people. */
export interface ScenarioFacts {
  readonly name: string;
  readonly story: string;
  readonly lookAt: string;
}

/** A demo as its routes see it. */
export interface DemoControl {
  readonly scenarios: readonly ScenarioFacts[];
  current(): { readonly scenario: ScenarioFacts; readonly sinceMs: number };
  /** @throws MESHLENS_ERR_DEMO_SCENARIO naming the known ones */
  choose(name: string): void;
  /** Exposition text of all proxies' series as last scraped. */
  metricsText(): { readonly contentType: string; readonly text: string };
}

/** Adds the routes. Changing the scenario is for this machine's own users, with `operate` where tokens are asked for. */
export function registerDemoRoutes(app: FastifyInstance, control: DemoControl, authenticate: Authenticate): void {
  // Scenarios and series tell of the whole mesh.
  async function require(request: FastifyRequest, action: Action): Promise<void> {
    const principal = await authenticate(request);
    requireAction(principal, action);
    requireSight(principal);
  }
  const state = () => {
    const { scenario, sinceMs } = control.current();
    return { scenario: told(scenario), since: new Date(sinceMs).toISOString(), scenarios: control.scenarios.map(told) };
  };

  app.get("/demo/scenario", async (request, reply) => {
    await require(request, "read");
    reply.header("cache-control", "no-store");
    return state();
  });

  app.post("/demo/scenario", async (request) => {
    await require(request, "operate");
    if (!isLoopback(request.socket.remoteAddress ?? ""))
      throw new MeshlensError(
        "MESHLENS_ERR_ACCESS_FORBIDDEN",
        "the scenario is changed from this machine only: ask http://127.0.0.1 on it",
      );
    control.choose(scenarioName(request.body, control.scenarios));
    return state();
  });

  app.get("/demo/metrics", async (request, reply) => {
    await require(request, "read");
    const { contentType, text } = control.metricsText();
    return reply.type(contentType).send(text);
  });
}

function told({ name, story, lookAt }: ScenarioFacts): ScenarioFacts {
  return { name, story, lookAt };
}

function scenarioName(body: unknown, known: readonly ScenarioFacts[]): string {
  const name = typeof body === "object" && body !== null && "name" in body ? body.name : undefined;
  if (typeof name === "string") return name;
  const names = known.map((one) => one.name).join(", ");
  throw new MeshlensError("MESHLENS_ERR_QUERY_INPUT", `send {"name": ...} with one of ${names}`, { at: "name" });
}
