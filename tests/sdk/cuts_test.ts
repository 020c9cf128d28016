import assert from "node:assert/strict";
import * as esbuild from "esbuild";
import { bundle } from "../../sdk/bundle.ts";
import { CUTS } from "../../sdk/cuts/all.ts";
import type { Overlay } from "../../sdk/cuts/cut.ts";
import { effects } from "../../sdk/cuts/effects.ts";
import { markLogs } from "../../sdk/cuts/logs.ts";

/** Builds with one file changed, as an upgrade of the SDK might change it. */
async function buildWith(
  path: RegExp,
  change: readonly [from: string | RegExp, to: string],
): Promise<void> {
  let changed = false;
  const overlay: Overlay = (file, source) => {
    if (!path.test(`${file.package}/${file.path}`)) return source;
    const text = source.replaceAll(
      typeof change[0] === "string" ? change[0] : new RegExp(change[0], "g"),
      change[1],
    );
    if (text !== source) changed = true;
    return text;
  };
  try {
    await bundle(CUTS, overlay);
  } finally {
    await esbuild.stop();
    assert.ok(changed, `no file ${path} has ${change[0]}`);
  }
}

/** For each cut, a change of an upgrade that would break what it relies on. */
const GONE: readonly [cut: string, path: RegExp, change: readonly [string | RegExp, string]][] = [
  ["codec", /SignalingProtocol\.js$/, ["message.type = reader.int32();", "message.type = 1;"]],
  ["effects", /DefaultDeviceController\.js$/, [
    "device instanceof DefaultVideoTransformDevice",
    "new DefaultVideoTransformDevice()",
  ]],
  ["effects", /DefaultVideoTransformDevice\.js$/, ["export default class", "class"]],
  ["worker-text", /WorkerCode\.js$/, ['Code = "', 'Code = "" + "']],
  ["logs", /build\/.*\.js$/, [/ogger\.(info|debug)\(/, "ogger.note("]],
];

for (const [cut, path, change] of GONE) {
  Deno.test(`the build fails if "${cut}" does not find what it expects in ${path.source}`, async () => {
    await assert.rejects(
      buildWith(path, change),
      (error: Error) => error.message.includes(`Cannot cut "${cut}"`),
    );
  });
}

Deno.test("every cut has such a test", () => {
  const shown = new Set(GONE.map(([cut]) => cut));
  assert.deepEqual(CUTS.map(({ name }) => name).filter((name) => !shown.has(name)), []);
});

Deno.test("an import of a missing file fails the build", async () => {
  await assert.rejects(
    buildWith(/build\/pingpong\/DefaultPingPong\.js$/, [
      "'../scheduler/IntervalScheduler'",
      "'../scheduler/NoScheduler'",
    ]),
  );
});

Deno.test("a file may only ask whether a camera is a background effect", () => {
  const apply = (source: string) => effects.apply(source, "build/a/B.js");
  const name = "DefaultVideoTransformDevice";
  const asks = `import ${name} from './${name}';\nif (a instanceof ${name}) b();`;
  assert.deepEqual(apply(asks), { source: asks, found: 1 });
  for (const use of [`new ${name}()`, `class C extends ${name} {}`, `${name}.x`, `f(${name})`]) {
    assert.throws(() => apply(`import ${name} from './${name}';\n${use};`), /Cannot cut "effects"/);
  }
});

Deno.test("a log line is removed, and the side effects of its arguments stay", async () => {
  const minified = async (line: string) => {
    const { code } = await esbuild.transform(markLogs(line).source, {
      loader: "ts",
      minifySyntax: true,
    });
    return code.trim();
  };
  try {
    const pairs: readonly [line: string, left: string][] = [
      ["this.logger.info('a');", ""],
      // For all the minifier knows, a method of `b` may compose the text.
      ["this.logger.info('a' + b);", '"" + b;'],
      ["this.context.logger.debug('a');", ""],
      ["  this._logger.info(`a`);", ""],
      ["logger.debug(() => this.next());", ""],
      ["this.logger?.info('a');", ""],
      ["if (a())\n  this.logger.info('b');\nelse c();", "a() || c();"],
      ["this.logger.debug(this.count++);", "this.count++;"],
      ["this.logger.info(x = 1);", "x = 1;"],
      ["this.logger.info(this.next());", "this.next();"],
      [
        "this.logger.info([1].map((one) => this.push(one)).join());",
        "[1].map((one) => this.push(one)).join();",
      ],
      ["this.logger.warn('heard');", 'this.logger.warn("heard");'],
      ["logger.error('heard');", 'logger.error("heard");'],
      ["y = this.logger.info('x');", 'y = this.logger.info("x");'],
    ];
    for (const [line, left] of pairs) assert.equal(await minified(line), left, line);
  } finally {
    await esbuild.stop();
  }
});
