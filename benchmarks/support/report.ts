/** Puts docs/performance.md together from what the benchmarks have recorded. */
import { readFile, writeFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import { table } from "../../sdk/sizes.ts";

const FIGURES = new URL("../figures.md", import.meta.url);
const FILE = new URL("../../docs/performance.md", import.meta.url);

/** What the report compares with the seed's own table. Milliseconds and megabytes. */
export interface Measured {
  readonly before: { readonly call: number; readonly sdk: number; readonly memory: number };
  readonly cold: { readonly sdk: number; readonly memory: number };
  readonly warm: { readonly sdk: number };
  readonly wholeKilobytes: number;
  readonly fileKilobytes: number;
  readonly browser: string;
  readonly runs: number;
}

/** The sections, by the name of the task that writes them. A task that was never run has none. */
const SECTIONS = [
  ["bench:load", "From the address to the other person's picture"],
  ["bench:sdk", "The SDK file, and others"],
  ["bench:page", "The page as several files"],
  ["bench:visit", "Taps and times of a visit"],
  ["bench:call", "A call, as people join"],
  ["bench:tiles", "A page in a call, as tiles are added"],
  ["bench:function", "The function"],
  ["bench:database", "The database, as visits are added"],
  ["sizes", "Bytes"],
] as const;

function seedTable({ before, cold, warm, ...sizes }: Measured): string {
  const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(2)} s`;
  const megabytes = (value: number) => `${value.toFixed(1)} MB of JS heap`;
  return table(["metric", "claimed before", "measured before", "claimed after", "measured now"], [
    [
      "SDK file",
      "1.1 MB inline",
      `${(sizes.wholeKilobytes / 1000).toFixed(2)} MB inline`,
      "1.1 MB",
      `${(sizes.fileKilobytes / 1000).toFixed(2)} MB`,
    ],
    [
      "SDK loaded, first time",
      "10–60 s",
      `${seconds(before.sdk)} inside the app`,
      "0.2–0.5 s",
      seconds(cold.sdk),
    ],
    ["SDK loaded, cached", "none", "not cached", "10–50 ms", seconds(warm.sdk)],
    ["memory", "180 MB", megabytes(before.memory), "120 MB", megabytes(cold.memory)],
    ["failures", "15 %", "not measured", "< 1 %", "not measured: needs real phones"],
  ]);
}

/** Writes the document. */
export async function writeReport(measured: Measured): Promise<void> {
  const figures = await readFile(FIGURES, "utf8");
  const sections = SECTIONS.flatMap(([task, title]) => {
    const [, text] = figures.split(new RegExp(`^## deno task ${task}\n`, "m"));
    const body = text?.split(/^## /m)[0]?.trim();
    return body ? [`## ${title}\n\nWritten by \`deno task ${task}\`.\n\n${body}`] : [];
  });
  const [processor] = cpus();
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  const plot = "![Seconds until each step](performance.svg)";
  const text = `# Performance

Written by \`deno task bench\`. Do not edit. Machine of the last \`bench:load\`: ${cpus().length} × ${
    processor?.model.trim() ?? "unknown"
  }, ${gigabytes} GB, Deno ${Deno.version.deno}, Chromium ${measured.browser}. The network and the slow
processor are emulated by Chromium, media goes over the loopback address, and nothing was measured on a
phone: compare numbers only within one table. 1 KB is 1000 bytes.

${plot}

${sections[0] ?? ""}

### What the original guide claimed

The guide that this project began from had a table of before and after. Here it is beside what was
measured, on slow 3G with 6x CPU. Its "0.2–0.5 s" cannot hold on such a network: the bytes alone take
longer. Moving the SDK into a file of its own also gains nothing on the first visit; fewer bytes do, and
the cache from the second visit on. JavaScript's heap is not the memory of the process, which the guide
seems to mean.

${seedTable(measured)}

## What was left out

Sending the head of the page before Chime has answered would show text about 5 % earlier. It was left
out: by then the status code is sent, so a refused visit could no longer be a 401, 403 or 410, which host
apps rely on.

The SDK file is uploaded uncompressed, and CloudFront compresses it: see
[the SDK file](sdk-file.md#compression).

${sections.slice(1).join("\n\n")}
`;
  await writeFile(FILE, text);
}
