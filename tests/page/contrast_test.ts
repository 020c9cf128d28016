/** The colors of text in base.css, in both themes. */
import { equal, ok } from "node:assert/strict";
import { readFile } from "node:fs/promises";

const LEAST = 5.9;

/** Relative luminance (WCAG 2.2, definition). */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = parseInt(color.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** The custom properties of each `:root` block that sets colors: dark, and light twice. */
async function themes(): Promise<readonly Map<string, string>[]> {
  const css = await readFile(new URL("../../client/styles/base.css", import.meta.url), "utf8");
  const blocks = [...css.matchAll(/:root[^{]*\{([^}]*--ground[^}]*)\}/g)].map(([, block = ""]) =>
    [...block.matchAll(/(--[\w-]+): (#\w{6})/g)].map(([, name = "", value = ""]) =>
      [name, value] as const
    )
  );
  const [dark = []] = blocks;
  return blocks.map((block) => new Map([...dark, ...block]));
}

Deno.test("text has a contrast of 5.9 to 1 on every surface, in both themes", async () => {
  const all = await themes();
  equal(all.length, 3);
  for (const [index, theme] of all.entries()) {
    const check = (text: string, ground: string) => {
      const ratio = contrast(theme.get(text) ?? text, theme.get(ground) ?? "");
      ok(ratio >= LEAST, `${text} on ${ground}, theme ${index}: ${ratio.toFixed(2)}`);
    };
    for (const text of ["--text", "--soft", "--accent", "--warn"]) {
      for (const ground of ["--ground", "--surface", "--raised"]) check(text, ground);
    }
    check("--warn", "--warn-ground");
    check("--text", "--warn-ground");
    check("--on-accent", "--accent");
    check("#ffffff", "--danger");
  }
});

Deno.test("both ways to the light theme have the same colors", async () => {
  const [, byDevice, chosen] = await themes();
  equal(JSON.stringify([...byDevice ?? []]), JSON.stringify([...chosen ?? []]));
});
