// Draws docs/images/diagnosis-*.png and writes what is said beside them into README.md and docs/reference/diagnosis.md: who is to blame for
// scenarios of the demo. `npm run build && node scripts/draw-diagnosis-images.mjs`. Look at what it drew.
import { readFileSync, writeFileSync } from "node:fs";
import { renderIncident } from "../dist/src/picture/render-incident.js";
import { diagnoseScenario } from "../dist/test/support/diagnose-scenario.js";

const root = new URL("../", import.meta.url).pathname;
const mark = "<!-- written by scripts/draw-diagnosis-images.mjs -->";
const end = "<!-- end -->";
/** `did`: what the scenario does to the mesh. */
const scenarios = [
  { name: "ratings-delay", of: "bookinfo/productpage", did: "a VirtualService delays calls to `ratings` by 7 s" },
  { name: "canary-split", of: "bookinfo/reviews", did: "half of the traffic goes to a new version of `reviews`" },
  { name: "storm", of: "shop/storefront", did: "a new version of `sessions`, which everybody calls, fails" },
];
const mostReasons = 3;

/** A scenario as Markdown; its picture is drawn on the way. */
async function told({ name, of, did }, images) {
  const [{ diagnosis }] = await diagnoseScenario(name, [of]);
  const [namespace, service] = of.split("/");
  const { graph, verdict, suspects } = diagnosis;
  const picture = { title: `${service}.${namespace}`, subtitle: verdict.sentence, graph };
  const { png, altText } = renderIncident(picture);
  const file = `diagnosis-${name}.png`;
  writeFileSync(`${root}docs/images/${file}`, png);
  const reasons = suspects[0]?.reasons.slice(0, mostReasons).map(({ sentence }) => `- ${sentence}`) ?? [];
  const alt = altText.replace(/[[\]]/g, "");
  return [
    `**\`${name}\`**: ${did}; asked about \`${of}\`. *${verdict.sentence}*`,
    "",
    ...reasons,
    "",
    `<img src="${images}/${file}" width="${png.readUInt32BE(16) / 4}" alt="${alt.replaceAll('"', "&quot;")}">`,
    "",
  ].join("\n");
}

for (const [file, images] of [
  ["README.md", "docs/images"],
  ["docs/reference/diagnosis.md", "../images"],
]) {
  const text = readFileSync(`${root}${file}`, "utf8");
  const at = text.indexOf(mark);
  if (at < 0) throw new Error(`${file} has no line ${mark}`);
  const parts = [];
  for (const scenario of scenarios) parts.push(await told(scenario, images));
  const after = text.slice(text.indexOf(end, at));
  writeFileSync(`${root}${file}`, `${text.slice(0, at + mark.length)}\n${parts.join("\n")}${after}`);
  console.log(`${file}: ${scenarios.map(({ name }) => name).join(", ")}`);
}
