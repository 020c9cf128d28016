/**
 * Prints where the bytes of the SDK file are, as tables in Markdown.
 *
 *   deno run -A sdk/sizes.ts           what each cut saves
 *   deno run -A sdk/sizes.ts --parts   the parts of the file, largest first
 *   deno run -A sdk/sizes.ts --json    the same as JSON
 */
import * as esbuild from "esbuild";
import { type Bundle, bundle, bundleWhole } from "./bundle.ts";
import { CUTS } from "./cuts/all.ts";
import { brotliSize } from "./manifest.ts";

export type Sizes = Readonly<Record<string, number>>;

/** Adds up a bundle's bytes by folder of the SDK, by package, and for this repository. */
export function groupSizes({ parts }: Pick<Bundle, "parts">): Sizes {
  const sizes: Record<string, number> = {};
  for (const part of parts) {
    const [, folder = ""] = part.path.split("/");
    const group = part.package === "amazon-chime-sdk-js" ? folder : part.package || "(ours)";
    sizes[group] = (sizes[group] ?? 0) + part.bytes;
  }
  return sizes;
}

const bytes = (value: number) => value.toLocaleString("en-GB");
const signed = (value: number) => `${value > 0 ? "+" : ""}${bytes(value)}`;

/** A table in Markdown: the first column aligned left, the others right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, at) => at === 0 ? "---" : "---:")), ...rows.map(line)]
    .join("\n");
}

/** A table of the groups whose size changed, the largest change first. */
export function sizeTable(before: Sizes, after: Sizes): string {
  const groups = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const rows = groups.map((group) => {
    const [had, has] = [before[group] ?? 0, after[group] ?? 0];
    return { group, had, has, change: has - had };
  }).filter(({ change }) => change !== 0).sort((a, b) => Math.abs(b.change) - Math.abs(a.change));
  const sum = (sizes: Sizes) => Object.values(sizes).reduce((total, one) => total + one, 0);
  return table(["part", "before", "now", "change"], [
    ...rows.map(({ group, had, has, change }) => [group, bytes(had), bytes(has), signed(change)]),
    ["all", bytes(sum(before)), bytes(sum(after)), signed(sum(after) - sum(before))],
  ]);
}

/** The whole SDK, the file without any cut, the file; then what each cut saves by itself. */
async function savings(): Promise<string> {
  const measure = ({ bytes }: Bundle) => ({ raw: bytes.length, brotli: brotliSize(bytes) });
  const file = measure(await bundle(CUTS));
  const builds = [
    ["the whole SDK, messaging client left out", measure(await bundleWhole())],
    ["the names of sdk/entry.ts, without cuts", measure(await bundle([]))],
    ["with all cuts", file],
  ] as const;
  const saved: string[][] = [];
  for (const cut of CUTS) {
    const without = measure(await bundle(CUTS.filter((one) => one !== cut)));
    const [raw, brotli] = [without.raw - file.raw, without.brotli - file.brotli];
    saved.push([`${cut.name}: ${cut.what}`, bytes(raw), bytes(brotli)]);
  }
  return [
    table(
      ["file", "raw", "Brotli"],
      builds.map(([name, { raw, brotli }]) => [name, bytes(raw), bytes(brotli)]),
    ),
    table(["cut", "saves raw", "saves Brotli"], saved),
  ].join("\n\n");
}

async function parts(): Promise<Sizes> {
  const sorted = Object.entries(groupSizes(await bundle(CUTS))).sort((a, b) => b[1] - a[1]);
  return Object.fromEntries(sorted);
}

async function report(): Promise<string> {
  try {
    if (Deno.args.includes("--json")) return JSON.stringify(await parts());
    if (!Deno.args.includes("--parts")) return await savings();
    const rows = Object.entries(await parts()).map(([group, size]) => [group, bytes(size)]);
    return table(["part", "bytes"], rows);
  } finally {
    await esbuild.stop();
  }
}

if (import.meta.main) await Deno.stdout.write(new TextEncoder().encode(`${await report()}\n`));
