import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { levelOfField, levelOfSeverityNumber } from "../../src/telemetry/log-level.js";
import { jsonOfLine, levelOfLine, wordsOf } from "../../src/telemetry/log-line.js";

describe("the level of a line of text", () => {
  it.each([
    ["16:42:09.486 INFO  t.c.Travel2Controller#115 an error was handled", "INFO"],
    ["2023-01-29 16:42:09.486  WARN 1 --- [main] c.e.App : slow", "WARN"],
    ["2023-01-29T16:42:09.486+08:00 ERROR 1 --- [main] c.e.App : x", "ERROR"],
    ["16:42:09.486 [http-nio-8080-exec-1] DEBUG com.x - msg", "DEBUG"],
    ["2023/01/29 16:42:09 [error] 1#1: open() failed", "ERROR"],
    ["[2023-01-29 16:42:09.486][1][warning][config] deprecated", "WARN"],
    ["2023-01-29T16:42:09.486Z\tinfo\tstarted", "INFO"],
    ['{"time":"2023-01-29T16:42:09Z","level":"warn","message":"an error"}', "WARN"],
    ['{"level":50,"msg":"x"}', "ERROR"],
    ['{"log":{"level":"debug"},"message":"x"}', "DEBUG"],
    ['time="2023-01-29T16:42:09Z" level=fatal msg="x"', "FATAL"],
    ["ERROR: cannot open", "ERROR"],
  ])("is read from its place in %s", (line, level) => {
    expect(levelOfLine(line)).toBe(level);
  });

  it.each([
    "a message about INFO and ERROR",
    "20 items failed with an error",
    '[2023-01-29T16:42:09.486Z] "GET /error HTTP/1.1" 200 - via_upstream',
    "16:42:09 one two three four five six seven eight ERROR is too far",
    "",
    "{",
  ])("is unknown for %s", (line) => {
    expect(levelOfLine(line)).toBe("UNKNOWN");
  });

  it("never throws and never invents a level for a line without level words", () => {
    fc.assert(fc.property(fc.string(), (line) => typeof levelOfLine(line) === "string"));
    fc.assert(fc.property(fc.stringMatching(/^[0-9 :{}"-]*$/), (line) => levelOfLine(line) === "UNKNOWN"));
  });
});

describe("level fields", () => {
  it("fold words in any case and loggers' numbers", () => {
    expect(["Warning", "CRIT", "err", 30, "50", "unknown", null, 7].map(levelOfField)).toEqual([
      "WARN",
      "FATAL",
      "ERROR",
      "INFO",
      "ERROR",
      "UNKNOWN",
      "UNKNOWN",
      "UNKNOWN",
    ]);
    expect([1, 9, 17, 24, 0, 25].map(levelOfSeverityNumber)).toEqual([
      "TRACE",
      "INFO",
      "ERROR",
      "FATAL",
      "UNKNOWN",
      "UNKNOWN",
    ]);
  });
});

describe("words of a line", () => {
  it("are cut as Elasticsearch's standard analyser cuts them", () => {
    expect(wordsOf("16:42:09.486 INFO  t.c.Travel2Controller#115 x")).toEqual([
      "16",
      "42",
      "09.486",
      "info",
      "t.c.travel2controller",
      "115",
      "x",
    ]);
    expect(wordsOf('{"log.level":"error"} level=warn upstream_cluster')).toEqual([
      "log.level",
      "error",
      "level",
      "warn",
      "upstream_cluster",
    ]);
    expect(wordsOf("2023-01-29T16:42:09.486Z info:root:msg")).toEqual([
      "2023",
      "01",
      "29t16",
      "42",
      "09.486z",
      "info:root:msg",
    ]);
  });
});

describe("a JSON line", () => {
  it("is an object or nothing; cut JSON and lists are nothing", () => {
    expect(jsonOfLine('{"a":1}\n')).toEqual({ a: 1 });
    expect([jsonOfLine('{"a":'), jsonOfLine("[1]"), jsonOfLine("text")]).toEqual([null, null, null]);
  });
});
