/**
 * Where the bytes of the SDK file are.
 *
 *   deno run -A sdk/sizes.ts           what each cut gains, one after the other
 *   deno run -A sdk/sizes.ts --parts   the parts of the file, largest first
 *   deno run -A sdk/sizes.ts --json    the same for programs
 */
import * as esbuild from "esbuild";
import { type Bundle, bundle } from "./bundle.ts";
import { CUTS } from "./cuts/all.ts";
import { brotliSize } from "./manifest.ts";

/** Bytes by part of the file. */
export type Sizes = Readonly<Record<string, number>>;

/** Groups a bundle's files: a folder of the SDK, a package, or ours. */
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

/** A table in Markdown, its first column to the left and the others to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, at) => at === 0 ? "---" : "---:")), ...rows.map(line)]
    .join("\n");
}

/** What each group had before and has now; those that stayed are left out. */
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

/** Adds one cut after the other, and says what came of it. */
async function gains(): Promise<string> {
  const rows: string[][] = [];
  let last: { raw: number; brotli: number } | undefined;
  for (let count = 0; count <= CUTS.length; count++) {
    const built = await bundle({ cuts: CUTS.slice(0, count) });
    const now = { raw: built.bytes.length, brotli: brotliSize(built.bytes) };
    const cut = CUTS[count - 1];
    rows.push([
      cut === undefined ? "everything (messaging stubbed)" : `${cut.name}: ${cut.why}`,
      bytes(now.raw),
      bytes(now.brotli),
      ...(last === undefined ? ["", ""] : [
        signed(now.raw - last.raw),
        signed(now.brotli - last.brotli),
      ]),
    ]);
    last = now;
  }
  return table(["after", "raw", "Brotli", "raw", "Brotli"], rows);
}

async function parts(): Promise<Sizes> {
  const sorted = Object.entries(groupSizes(await bundle({ cuts: CUTS }))).sort((a, b) =>
    b[1] - a[1]
  );
  return Object.fromEntries(sorted);
}

async function report(): Promise<string> {
  try {
    if (Deno.args.includes("--json")) return JSON.stringify(await parts());
    if (!Deno.args.includes("--parts")) return await gains();
    const rows = Object.entries(await parts()).map(([group, size]) => [group, bytes(size)]);
    return table(["part", "bytes"], rows);
  } finally {
    await esbuild.stop();
  }
}

if (import.meta.main) await Deno.stdout.write(new TextEncoder().encode(`${await report()}\n`));
