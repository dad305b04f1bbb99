/** Writes test/fixtures/bookinfo anew: `npm run fixture`. Nothing in it depends on the clock or the machine. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { type FixtureTexts, fixtureFiles, fixtureFolder, generateFixture } from "./fixture-files.js";

mkdirSync(fixtureFolder, { recursive: true });
const texts = generateFixture();
for (const [purpose, file] of Object.entries(fixtureFiles)) {
  const text = texts[purpose as keyof FixtureTexts];
  const content = file.endsWith(".gz") ? gzipSync(text, { level: 9 }) : Buffer.from(text);
  writeFileSync(join(fixtureFolder, file), content);
  console.log(`${file}: ${content.length} bytes`);
}
