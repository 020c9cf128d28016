import assert from "node:assert/strict";
import { splitStatements } from "./statements.ts";

const textsOf = (sql: string) => splitStatements(sql).map(({ text }) => text);

Deno.test("statements end at semicolons, and know the line of their first word", () => {
  const sql = "-- first\nselect 1;\n\n/* a; /* nested; */ b; */\n  select 2\n;;\nselect 3";
  assert.deepEqual(splitStatements(sql), [
    { text: "select 1", line: 2 },
    { text: "select 2\n", line: 5 },
    { text: "select 3", line: 7 },
  ]);
});

Deno.test("semicolons in strings, names, bodies and brackets end nothing", () => {
  for (
    const statement of [
      "select 'a;''b;'",
      String.raw`select e'a\';b', 1`,
      'select 1 as "a;""b"',
      "do $$ begin perform 1; end; $$",
      "create function f() returns text language sql as $body$ select '$$;'; $body$",
      "create rule r as on insert to t do also (delete from u; delete from v)",
      "create function f() returns int begin atomic select case when true then 1 end; select 2; end",
      "select a$b$c from t",
    ]
  ) {
    assert.deepEqual(textsOf(`${statement};select 2`), [statement, "select 2"]);
  }
});

Deno.test("a transaction of the file's own is three statements", () => {
  assert.deepEqual(textsOf("begin; select 1; end;"), ["begin", "select 1", "end"]);
});

Deno.test("a file of comments has no statement", () => {
  assert.deepEqual(textsOf("-- nothing;\n/* open"), []);
});
