/** The plot in docs/performance.md: for each page, when each step was reached. */
import { writeFile } from "node:fs/promises";

/** Milliseconds of each of {@link STEPS}. */
export interface PlotRow {
  readonly name: string;
  readonly steps: readonly number[];
}

const FILE = new URL("../../docs/performance.svg", import.meta.url);
const STEPS = ["first paint", "SDK has run", "in the call", "other's picture"];
const [LEFT, WIDTH, ROW, TOP] = [300, 440, 34, 56];

/** Text and lines take the reader's theme; the four colors are readable on both. */
const STYLE = `text { font: 13px system-ui, sans-serif; fill: #1f2933; }
.axis { stroke: #8a99a8; }
@media (prefers-color-scheme: dark) { text { fill: #e4e9ee; } .axis { stroke: #66747f; } }
.s0 { fill: #6b7f94; } .s1 { fill: #b9770e; } .s2 { fill: #1f7a8c; } .s3 { fill: #2e8b57; }`;

/** Writes bars that add up: the end of each part is when its step was reached. */
export async function writePlot(rows: readonly PlotRow[]): Promise<void> {
  const most = Math.ceil(Math.max(...rows.flatMap(({ steps }) => steps)) / 1000);
  const x = (milliseconds: number) => LEFT + milliseconds / 1000 / most * WIDTH;
  const height = TOP + rows.length * ROW + 36;
  const legend = STEPS.map((step, index) =>
    `<rect class="s${index}" x="${LEFT + index * 112}" y="14" width="12" height="12"/>` +
    `<text x="${LEFT + 16 + index * 112}" y="25">${step}</text>`
  );
  const bars = rows.flatMap(({ name, steps }, row) => {
    const y = TOP + row * ROW;
    let from = 0;
    // A picture may come before the page calls itself in the call.
    const ends = steps.map((_, index) => Math.max(...steps.slice(0, index + 1)));
    const parts = ends.map((end, index) => {
      const part = `<rect class="s${index}" x="${x(from).toFixed(1)}" y="${y}" width="${
        (x(end) - x(from)).toFixed(1)
      }" height="20"/>`;
      from = end;
      return part;
    });
    const label = `<text x="${LEFT - 10}" y="${y + 15}" text-anchor="end">${name}</text>`;
    const total = `<text x="${(x(from) + 6).toFixed(1)}" y="${y + 15}">${
      (from / 1000).toFixed(1)
    } s</text>`;
    return [label, ...parts, total];
  });
  const bottom = TOP + rows.length * ROW;
  const axis = Array.from(
    { length: most + 1 },
    (_, second) =>
      `<line class="axis" x1="${x(second * 1000)}" x2="${x(second * 1000)}" y1="${bottom}" y2="${
        bottom + 5
      }"/><text x="${x(second * 1000)}" y="${bottom + 20}" text-anchor="middle">${second}</text>`,
  );
  await writeFile(
    FILE,
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${
      LEFT + WIDTH + 70
    } ${height}" role="img" ` +
      `aria-label="Seconds until each step, on slow 3G with 6x CPU"><style>${STYLE}</style>\n` +
      [...legend, ...bars, ...axis].join("\n") + "\n</svg>\n",
  );
}
