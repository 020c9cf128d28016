import assert from "node:assert/strict";
import * as esbuild from "esbuild";
import { bundle } from "../../sdk/bundle.ts";
import { CUTS } from "../../sdk/cuts/all.ts";
import type { Overlay } from "../../sdk/cuts/cut.ts";
import { isHarmless, withoutLogs } from "../../sdk/cuts/logs.ts";
import { asModule } from "../../sdk/cuts/modules.ts";
import { withOperators } from "../../sdk/cuts/operators.ts";
import { parseSource } from "../../sdk/cuts/source.ts";

/** Builds with one file changed, as an upgrade might have changed it. */
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
    await bundle({ cuts: CUTS, overlay });
  } finally {
    await esbuild.stop();
    assert.ok(changed, `${path} is there and holds ${change[0]}`);
  }
}

/** For each cut: what an upgrade could do to it. */
const GONE: readonly [cut: string, path: RegExp, change: readonly [string | RegExp, string]][] = [
  ["modules", /build\/logger\/ConsoleLogger\.js$/, ["exports.default =", "module.exports ="]],
  ["codec", /SignalingProtocol\.js$/, ["message.type = reader.int32();", "message.type = 1;"]],
  ["zlib", /ZLIBTextCompressor\.js$/, ["memLevel:", "level: 9, memLevel:"]],
  ["zlib", /pako\.esm\.mjs$/, ["case HCRC:", "case HEADERCRC:"]],
  ["user-agent", /ua-parser\.js$/, ["cpu : [[", "processor : [["]],
  ["effects", /DefaultDeviceController\.js$/, [
    "device instanceof DefaultVideoTransformDevice_1.default",
    "new DefaultVideoTransformDevice_1.default()",
  ]],
  ["worker-text", /WorkerCode\.js$/, ['Code = "', 'Code = "" + "']],
  ["logs", /build\/.*\.js$/, [/ogger\.(info|debug)\(/, "ogger.note("]],
  ["operators", /build\/.*\.js$/, [/ === void 0/, " === undefined"]],
];

for (const [cut, path, change] of GONE) {
  Deno.test(`the build fails when "${cut}" is not where it was in ${path.source}`, async () => {
    await assert.rejects(
      buildWith(path, change),
      (error: Error) => error.message.includes(`Cannot cut "${cut}"`),
    );
  });
}

Deno.test("every cut is among those shown to fail", () => {
  const shown = new Set(GONE.map(([cut]) => cut));
  assert.deepEqual(CUTS.map(({ name }) => name).filter((name) => !shown.has(name)), []);
});

Deno.test("a name that is imported and not there fails the build", async () => {
  await assert.rejects(
    buildWith(/build\/pingpong\/DefaultPingPong\.js$/, [
      `require("../scheduler/IntervalScheduler")`,
      `require("../scheduler/Scheduler")`,
    ]),
  );
});

Deno.test("a file of the SDK that does something when it is loaded is refused", () => {
  const head = `"use strict";\nObject.defineProperty(exports, "__esModule", { value: true });\n`;
  for (const line of ["window.chime = 1;", "register();", "exports.a.b.c();"]) {
    assert.throws(() => asModule(`${head}${line}`, "x.js"), /Cannot cut "modules"/, line);
  }
  assert.throws(() => asModule(`${head}class A { b() { return require("c"); } }`, "x.js"));
});

Deno.test("a local variable is never taken for an import", () => {
  const source = `const A_1 = __importDefault(require("./A"));
class B { b(A_1) { return A_1.other; } }
exports.default = B;`;
  assert.throws(() => asModule(source, "x.js"), /Cannot cut "modules"/);
});

Deno.test("a log line that does something stays", () => {
  const kept = [
    "this.logger.info(`${this.next()}`);",
    "this.logger.debug(this.count++);",
    "this.logger.info(x = 1);",
    "this.logger.info([1].map((one) => this.push(one)).join());",
    "this.logger.warn('heard');",
    "logger.error('heard');",
    "const y = this.logger.info('x');",
  ];
  for (const line of kept) assert.equal(withoutLogs(line).source, line);
  const gone = [
    "this.logger.info('a' + b);",
    "this.context.logger.info(`x ${JSON.stringify(y)} ${z.id()}`);",
    "logger.debug(() => this.next());",
    "this._logger.info(a ? b : c);",
  ];
  for (const line of gone) assert.equal(withoutLogs(line).source, "{}", line);
  assert.equal(
    withoutLogs("if (a) this.logger.info('b'); else c();").source,
    "if (a) {} else c();",
  );
  const [statement] = parseSource("await x", "module").body;
  assert.ok(statement && !isHarmless(statement));
});

Deno.test("`?.` and `??` come back with the same meaning, or not at all", () => {
  const inside = (expression: string) => `function f() { var _a, _b; return z(${expression}); }`;
  const pairs = [
    ["(_a = f()) === null || _a === void 0 ? void 0 : _a.b", "f()?.b"],
    ["a === null || a === void 0 ? void 0 : a.b.c(d)", "a?.b.c(d)"],
    [
      "(_b = (_a = x.y) === null || _a === void 0 ? void 0 : _a.z) === null || _b === void 0 " +
      "? void 0 : _b.w",
      "(x.y?.z)?.w",
    ],
    ["(_a = x) !== null && _a !== void 0 ? _a : y", "((x) ?? (y))"],
    ["(_a = g`p`) === null || _a === void 0 ? void 0 : _a.q", "(g`p`)?.q"],
  ];
  for (const [compiled = "", written] of pairs) {
    const source = withOperators(inside(compiled)).source.replace(/\s+/g, " ");
    assert.equal(source, `function f() { return z(${written}); }`);
  }
  const others = [
    // A method needs the object it is called on.
    "(_a = o.m) === null || _a === void 0 ? void 0 : _a.call(o)",
    // Another variable, another value, a variable that others may read.
    "(_a = f()) === null || _b === void 0 ? void 0 : _a.b, (_b = 1)",
    "(_a = f()) === null || _a === void 0 ? 0 : _a.b",
    "(name = f()) === null || name === void 0 ? void 0 : name.b",
    "a === null || a === void 0 ? void 0 : b.c",
    // The object is wanted once more, for the call.
    "(_b = (_a = o.p) === null || _a === void 0 ? void 0 : _a.m) === null || _b === void 0 " +
    "? void 0 : _b.call(_a, 1)",
    "(_a = g()) === null || _a === void 0 ? void 0 : _a.h, _a.i()",
  ];
  for (const text of others) {
    const found = withOperators(inside(text));
    assert.equal(found.found, 0, text);
    assert.ok(found.source.includes(`z(${text})`), text);
  }
  // A function inside has variables of its own, by the same names.
  const nested = "function f() { var _a; h(() => { var _a; return (_a = x) === null || " +
    "_a === void 0 ? void 0 : _a.y; }); return (_a = z) === null || _a === void 0 ? void 0 : _a.y; }";
  assert.equal(
    withOperators(nested).source.replace(/\s+/g, " "),
    "function f() { h(() => { return x?.y; }); return z?.y; }",
  );
});
