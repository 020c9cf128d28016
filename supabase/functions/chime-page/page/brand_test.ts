import assert from "node:assert/strict";
import { CONTRAST, createBrand, NO_BRAND } from "./brand.ts";
import { BrandName } from "./document.tsx";

/** WCAG's contrast ratio, written a second time on purpose. */
function ratio(one: string, two: string): number {
  const light = (colour: string) => {
    const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
      const value = parseInt(colour.slice(at, at + 2), 16) / 255;
      return value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
    });
    return r * 0.2126 + g * 0.7152 + b * 0.0722 + 0.05;
  };
  const [a, b] = [light(one), light(two)];
  return Math.max(a, b) / Math.min(a, b);
}

/** Accent and text upon it, for dark and for light. */
function colours(own: string) {
  const { style } = createBrand({ colour: own });
  const found = [...(style?.css ?? "").matchAll(/--accent:(#\w{6});--on-accent:(#\w{6})/g)];
  const [dark, light] = found.map(([, accent = "", on = ""]) => ({ accent, on }));
  assert.ok(dark && light);
  return { dark, light };
}

Deno.test("every colour gives accents that can be read in both themes", () => {
  for (const part of ["00", "33", "66", "99", "cc", "ff"]) {
    for (const other of ["00", "40", "80", "bf", "ff"]) {
      for (const own of [`#${part}${other}80`, `#${other}${part}${part}`, `#20${part}${other}`]) {
        const { dark, light } = colours(own);
        for (
          const [name, one, two] of [
            ["dark", dark.accent, "#22343b"],
            ["on dark", dark.accent, dark.on],
            ["light", light.accent, "#e0eae8"],
            ["on light", light.accent, light.on],
          ] as const
        ) {
          assert.ok(ratio(one, two) >= CONTRAST - 0.01, `${own} ${name}: ${ratio(one, two)}`);
        }
      }
    }
  }
});

Deno.test("a colour that can be read stays what it is", () => {
  assert.equal(colours("#0b6b58").light.accent, "#0b6b58");
  assert.equal(colours("#6fd8bd").dark.accent, "#6fd8bd");
});

Deno.test("no colour gives no style, and a name stands by itself", () => {
  const brand = createBrand({ name: "Clinique du Wouri" });
  assert.deepEqual(brand, { name: "Clinique du Wouri", logo: null, style: null });
  assert.equal(String(BrandName(brand)), '<p class="brand"><bdi>Clinique du Wouri</bdi></p>');
  assert.equal(BrandName(NO_BRAND), null);
});

Deno.test("a logo stands before the name, and alone where there is none", () => {
  const logo = "data:image/png;base64,AAAA";
  assert.match(
    String(BrandName(createBrand({ logo }))),
    /^<p class="brand"><img src="data:[^"]+" alt=""\/><\/p>$/,
  );
  assert.match(String(BrandName(createBrand({ logo, name: "A & B" }))), /alt=""\/><bdi>A &amp; B</);
});
