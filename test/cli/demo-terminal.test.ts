import { EventEmitter } from "node:events";
import { describe, expect, test } from "@jest/globals";
import { openDemoTerminal } from "../../src/cli/demo-terminal.js";
import { knownScenarios } from "../../src/demo/scenarios/known-scenarios.js";
import type { DemoFacts } from "../../src/demo/terminal/demo-screen.js";
import { createTtyScreen } from "../support/tty-screen.js";

const storm = knownScenarios.find(({ name }) => name === "storm") ?? knownScenarios[0];
if (storm === undefined) throw new Error("there is no scenario");
const facts: DemoFacts = {
  mesh: "Bookinfo on Istio",
  url: "http://127.0.0.1:45678",
  hasInbox: true,
  history: "6h",
  scenarios: knownScenarios,
  current: storm,
  sinceMs: Date.UTC(2026, 10, 21, 9, 30, 5),
  feeds: [],
  services: ["reviews", "ratings"].map((name) => ({ namespace: "bookinfo", name })),
};

/** A window with a demo's terminal in it; `done` tells what its keys did, `raw` how the input was set. */
function openFake({ isTTY = true, columns = 80, rows = 24 } = {}) {
  const raw: boolean[] = [];
  const isRead: boolean[] = [];
  const input = Object.assign(new EventEmitter(), {
    isTTY,
    setRawMode: (isRaw: boolean) => raw.push(isRaw),
    resume: () => isRead.push(true),
    pause: () => isRead.push(false),
  });
  const screen = createTtyScreen(columns, rows);
  const output = Object.assign(new EventEmitter(), { isTTY, columns, rows, write: screen.write });
  const done: string[] = [];
  const keys = { choose: (name: string) => void done.push(name), quit: () => void done.push("QUIT") };
  const terminal = openDemoTerminal({ input, output } as unknown as Parameters<typeof openDemoTerminal>[0], keys);
  const press = (text: string) => void input.emit("data", Buffer.from(text, "latin1"));
  return { terminal, input, output, screen, raw, isRead, done, press };
}

const listeners = (emitter: EventEmitter) => emitter.eventNames().flatMap((name) => emitter.listeners(name)).length;

describe("the terminal of a demo", () => {
  test("a key switches to its scenario, one that has none does nothing", () => {
    const { terminal, press, done } = openFake();
    terminal.show(facts);
    press("2");
    press("Z\u00e9 ");
    press("c1");
    terminal.close();
    expect(done).toEqual([knownScenarios[1]?.name, knownScenarios[11]?.name, knownScenarios[0]?.name]);
  });

  test("a key pressed before there is anything to choose does nothing", () => {
    const { terminal, press, done } = openFake();
    press("2");
    terminal.close();
    expect(done).toEqual([]);
  });

  test.each([
    ["q", "q"],
    ["Ctrl-C", "\u0003"],
    ["Ctrl-D", "\u0004"],
  ])("%s quits", (_, key) => {
    const { terminal, press, done } = openFake();
    terminal.show(facts);
    press(key);
    terminal.close();
    expect(done).toEqual(["QUIT"]);
  });

  test("closed, it gives the terminal back: no raw mode, no key read, no listener left anywhere", () => {
    const exitsBefore = process.listenerCount("exit");
    const { terminal, input, output, raw, isRead, press, done } = openFake();
    terminal.show(facts);
    expect({ raw, isRead }).toEqual({ raw: [true], isRead: [true] });
    expect(process.listenerCount("exit")).toBe(exitsBefore + 1);
    terminal.close();
    expect({ raw, isRead }).toEqual({ raw: [true, false], isRead: [true, false] });
    press("q");
    expect({ done, left: listeners(input) + listeners(output) }).toEqual({ done: [], left: 0 });
    expect(process.listenerCount("exit")).toBe(exitsBefore);
  });

  test.each(knownScenarios)("80 by 24: $name is shown in place of what was, and nothing scrolls away", (current) => {
    const { terminal, screen } = openFake();
    terminal.show(facts);
    terminal.show({ ...facts, feeds: ["zipkin http://127.0.0.1:9411 takes what it is sent"] });
    terminal.show({ ...facts, current });
    const text = screen.lines().join("\n");
    expect(screen.scrolledOff()).toEqual([]);
    expect(text.match(/Meshlens demo/g)).toHaveLength(1);
    expect(text.match(/^Running: .*/gm)).toEqual([`Running: ${current.name} since 09:30:05 UTC`]);
    expect(text.replaceAll(/\s+/g, " ")).toContain(current.story);
    expect(text).toContain("/graphiql?page=bookinfo/ratings");
    expect(text).toContain("storm");
    expect(text).not.toContain("zipkin");
    terminal.close();
  });

  test.each([
    [80, 24, 3],
    [60, 20, 0],
    [40, 15, 1],
    [20, 5, 2],
    [40, 2, 0],
  ])("%i by %i with %i feeds: it says less, but never more than the window holds", (columns, rows, feedCount) => {
    const { terminal, screen } = openFake({ columns, rows });
    const feeds = Array.from(
      { length: feedCount },
      (_, i) => `jaeger http://10.0.0.${i}:4318 refuses: ${"why ".repeat(30)}`,
    );
    for (const current of knownScenarios) terminal.show({ ...facts, current, feeds });
    expect(screen.scrolledOff()).toEqual([]);
    expect(screen.lines().join("\n")).toContain("Running: storm");
    terminal.close();
  });

  test("a window of another size is drawn anew, to fit", () => {
    const { terminal, output, screen } = openFake();
    terminal.show(facts);
    Object.assign(output, { rows: 12 });
    output.emit("resize");
    const [first, ...rest] = screen.lines();
    expect(first).toContain("Meshlens demo");
    expect(rest.filter((line) => line !== "").length).toBeLessThan(12);
    terminal.close();
  });

  test("where it is no terminal, lines are said once, and no key is read", () => {
    const { terminal, screen, raw, press, done } = openFake({ isTTY: false, columns: 200 });
    terminal.show(facts);
    const said = screen.lines().filter((line) => line !== "").length;
    terminal.show(facts);
    terminal.show({ ...facts, feeds: ["zipkin is there"] });
    press("q");
    terminal.close();
    expect(screen.lines().filter((line) => line !== "")).toHaveLength(said + 1);
    expect({ raw, done }).toEqual({ raw: [], done: [] });
  });
});
