/**
 * The emoji of our messages as drawings: Slack brings pictures of its own, a browser only has what is installed, and a page for review
 * must not show boxes. Other emoji stay text. Pure.
 */

const red = "#d92b3c";
const green = "#1f9d57";
const amber = "#e8a317";
const grey = "#8a8f98";
const blue = "#2f7ed8";

const drawings: Readonly<Record<string, readonly [name: string, shapes: string]>> = {
  "🚨": [
    "siren",
    `<path d="M4 11V8a4 4 0 0 1 8 0v3z" fill="${red}"/><rect x="3" y="11.5" width="10" height="2.5" rx="1" fill="${grey}"/><path d="M8 .8v1.6M2.6 3l1.2 1.2M13.4 3l-1.2 1.2M.8 8h1.6M13.6 8h1.6" stroke="${red}" stroke-width="1.2" stroke-linecap="round"/>`,
  ],
  "🎫": [
    "ticket",
    `<path d="M1 5h14v2a1.2 1.2 0 0 0 0 2.4V12H1V9.4a1.2 1.2 0 0 0 0-2.4z" fill="${amber}"/><path d="M10.5 5v7" stroke="#fff" stroke-width="1" stroke-dasharray="1.4 1.2"/>`,
  ],
  "✅": [
    "check",
    `<rect x="1" y="1" width="14" height="14" rx="3" fill="${green}"/><path d="M4 8.3l2.8 2.8L12 5.2" fill="none" stroke="#fff" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/>`,
  ],
  "⏳": [
    "hourglass",
    `<path d="M4 2.5h8c0 3-2.6 4-2.6 5.5S12 10.5 12 13.5H4c0-3 2.6-4 2.6-5.5S4 5.5 4 2.5z" fill="#f3dfae" stroke="${grey}"/><path d="M5.2 13c.4-1.8 1.8-2.4 2.8-2.4s2.4.6 2.8 2.4z" fill="${amber}"/><path d="M3 2.2h10M3 13.8h10" stroke="${grey}" stroke-width="1.4" stroke-linecap="round"/>`,
  ],
  "👀": [
    "eyes",
    `<ellipse cx="4.6" cy="8" rx="3" ry="4.4" fill="#fff" stroke="${grey}"/><ellipse cx="11.4" cy="8" rx="3" ry="4.4" fill="#fff" stroke="${grey}"/><circle cx="5.6" cy="8.8" r="1.6" fill="#222"/><circle cx="12.4" cy="8.8" r="1.6" fill="#222"/>`,
  ],
  "🔕": [
    "silenced",
    `<path d="M8 2a3.6 3.6 0 0 0-3.6 3.6V9L3 11.5h10L11.6 9V5.6A3.6 3.6 0 0 0 8 2z" fill="${amber}"/><path d="M6.6 12.5a1.5 1.5 0 0 0 2.8 0z" fill="${amber}"/><path d="M2 14L14 2" stroke="${red}" stroke-width="1.8" stroke-linecap="round"/>`,
  ],
  "🔗": [
    "links",
    `<g fill="none" stroke="${grey}" stroke-width="1.8" stroke-linecap="round"><path d="M6.8 9.2a2.6 2.6 0 0 1 0-3.7l2.3-2.3a2.6 2.6 0 0 1 3.7 3.7l-1.2 1.2"/><path d="M9.2 6.8a2.6 2.6 0 0 1 0 3.7l-2.3 2.3a2.6 2.6 0 0 1-3.7-3.7l1.2-1.2"/></g>`,
  ],
  "📈": [
    "chart",
    `<rect x="1" y="1.5" width="14" height="13" rx="1.5" fill="#fff" stroke="${grey}"/><path d="M3 12l3.2-3.4 2.6 1.8L13 4.5" fill="none" stroke="${blue}" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round"/>`,
  ],
  "🌩": [
    "storm",
    `<path d="M4.5 9.5a3 3 0 0 1 .2-6 3.8 3.8 0 0 1 7-.3 3.2 3.2 0 0 1-.2 6.3z" fill="${grey}"/><path d="M8.6 8L5.8 12h2l-1 3.2L10.2 11h-2l1.4-3z" fill="${amber}"/>`,
  ],
  "⚠": [
    "warning",
    `<path d="M8 1.5L15.2 14H.8z" fill="${amber}" stroke-linejoin="round"/><path d="M8 6v4" stroke="#222" stroke-width="1.6" stroke-linecap="round"/><circle cx="8" cy="12" r=".9" fill="#222"/>`,
  ],
};

const known = new RegExp(`(${Object.keys(drawings).join("|")})\\ufe0f?`, "gu");

/** HTML with its emoji as drawings, each named for those who do not see it; not for attributes. */
export function withSigns(html: string): string {
  return html.replace(known, (_, emoji: string) => {
    const [name, shapes] = drawings[emoji] ?? ["", ""];
    return `<svg class="sign" viewBox="0 0 16 16" role="img" aria-label="${name}">${shapes}</svg>`;
  });
}
