/** The licence notices of the packages that an SDK file really contains. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface Part {
  /** Package name; empty for files of this repository. */
  readonly package: string;
  /** Path inside the package. */
  readonly path: string;
  /** Path of the file on this machine, relative to the repository. */
  readonly source: string;
  readonly bytes: number;
}

const LICENCE_FILE = /^(licen[cs]e|notice|copying)(\.(md|txt))?$/i;
const RULE = "-".repeat(78);

interface Package {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly texts: readonly string[];
}

/** Comments with a copyright notice, which may be missing in the licence file: zlib's in pako. */
function claimsIn(source: string): string[] {
  const comments = source.match(/\/\*[\s\S]*?\*\/|(?:^[ \t]*\/\/.*\n)+/gm) ?? [];
  return comments.filter((text) => /(copyright|\(c\)) .*\d{4}/i.test(text))
    .map((text) =>
      text.replace(/^[ \t]*(?:\/\/|\/?\*+\/?) ?/gm, "").replace(/\*\/\s*$/, "").trim()
    );
}

function readPackage(parts: readonly Part[], workingFolder: string): Package {
  const [first] = parts;
  if (first === undefined) throw new Error("Cannot read a licence without a file");
  const folder = join(workingFolder, first.source.slice(0, -first.path.length));
  const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const files = readdirSync(folder).filter((name) => LICENCE_FILE.test(name)).sort();
  const texts = files.map((name) => readFileSync(join(folder, name), "utf8").trim());
  const claims = new Set(
    parts.flatMap((part) => claimsIn(readFileSync(join(workingFolder, part.source), "utf8"))),
  );
  if (texts.length === 0 && claims.size === 0) {
    throw new Error(`Cannot find the licence of ${first.package}`);
  }
  const plain = String(license).replace(/^\((.*)\)$/, "$1");
  return { name: first.package, version, license: plain, texts: [...texts, ...claims] };
}

/** The packages inside a bundle, by name, the SDK first. */
export function packagesOf(parts: readonly Part[]): string[] {
  const names = new Set(parts.filter(({ bytes }) => bytes > 0).map((part) => part.package));
  names.delete("");
  const sdk = "amazon-chime-sdk-js";
  return [...names].sort((a, b) => Number(b === sdk) - Number(a === sdk) || (a < b ? -1 : 1));
}

/** Packages of a bundle with their licences, the SDK first. */
function readPackages(parts: readonly Part[], workingFolder: string): readonly Package[] {
  return packagesOf(parts).map((name) =>
    readPackage(
      parts.filter((part) => part.package === name && part.bytes > 0)
        .sort((a, b) => a.path < b.path ? -1 : 1),
      workingFolder,
    )
  );
}

/**
 * The text of a licences file.
 * @param parts what the bundle contains
 * @param workingFolder folder to which the parts' sources are relative
 * @param introduction first line
 */
export function licensesOf(
  parts: readonly Part[],
  workingFolder: string,
  introduction: string,
): string {
  return [
    introduction,
    ...readPackages(parts, workingFolder).map(({ name, version, license, texts }) =>
      `\n${RULE}\n${name} ${version} (${license})\n${RULE}\n\n${texts.join("\n\n")}`
    ),
    "",
  ].join("\n");
}

/**
 * The licence notices of an SDK file: the text of its licences file, and the first line of the script.
 * @param workingFolder folder to which the parts' sources are relative
 */
export function noticesOf(parts: readonly Part[], workingFolder: string) {
  const [sdk, ...others] = readPackages(parts, workingFolder).map(({ name, version, license }) =>
    `${name} ${version} (${license})`
  );
  const within = others.length === 0 ? "" : ` Contains ${others.join(", ")}.`;
  return {
    banner: `/*! ${sdk}, Copyright Amazon.com, Inc. or its affiliates, modified.${within} ` +
      "Licences: .LICENSES.txt beside this file */",
    text: licensesOf(
      parts,
      workingFolder,
      "What is inside the SDK file of this name, and under which terms. The packages were modified:\n" +
        "bundled into one file, and what a visit does not use was taken out.",
    ),
  };
}
