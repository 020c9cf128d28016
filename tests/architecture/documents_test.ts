import assert from "node:assert/strict";
import { readProjectFile, ROOT } from "../support/project.ts";

async function* documents(folder = "./"): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(new URL(folder, ROOT))) {
    if (name.startsWith(".") || name === "node_modules") continue;
    if (isDirectory) yield* documents(`${folder}${name}/`);
    else if (name.endsWith(".md")) yield `${folder}${name}`;
  }
}

Deno.test("every setting of the function is in the reference and in the example file", async () => {
  const settings = await readProjectFile("supabase/functions/chime-page/config/settings.ts");
  const names = [...settings.matchAll(/^ {2}((?:CHIME|AWS)_[A-Z_]+):/gm)].map((match) => match[1]);
  assert.ok(names.length > 15);
  const [reference, example] = await Promise.all([
    readProjectFile("docs/reference.md"),
    readProjectFile("supabase/functions/.env.example"),
  ]);
  for (const name of names) {
    assert.ok(reference.includes(`\`${name}\``), `${name} in docs/reference.md`);
    // Operators set neither the stand-in's address nor a session token.
    if (name === "CHIME_ENDPOINT" || name === "AWS_SESSION_TOKEN") continue;
    assert.match(example, new RegExp(`^#?${name}=`, "m"), `${name} in .env.example`);
  }
});

Deno.test("every task is in the reference, and every task named in a document exists", async () => {
  const tasks = Object.keys(JSON.parse(await readProjectFile("deno.json")).tasks);
  const reference = await readProjectFile("docs/reference.md");
  for (const task of tasks) {
    assert.ok(reference.includes(`\`deno task ${task}`) || reference.includes(`\`${task}\``), task);
  }
  for await (const path of documents()) {
    for (
      const [, task] of (await readProjectFile(path)).matchAll(
        /deno(?:@[\d.]+)? task ([a-z]+(?::[a-z]+)?)/g,
      )
    ) {
      assert.ok(tasks.includes(task ?? ""), `${path}: ${task}`);
    }
  }
});

Deno.test("every alarm is explained in operations.md", async () => {
  const [alarms, answers] = [
    await readProjectFile("ops/stacks/alarms.yaml"),
    await readProjectFile("docs/operations.md"),
  ];
  const names = [...alarms.matchAll(/^ {2}(\w+):\n {4}Type: AWS::CloudWatch::Alarm$/gm)];
  assert.ok(names.length >= 4);
  for (const [, name = ""] of names) assert.ok(answers.includes(`\`${name}\``), name);
});

Deno.test("links between documents have a target", async () => {
  for await (const path of documents()) {
    for (
      const [, target] of (await readProjectFile(path)).matchAll(
        /(?:\]\(|<img src=")((?!https?:|#|mailto:)[^)"#]+)/g,
      )
    ) {
      const file = new URL(target ?? "", new URL(path, ROOT));
      await assert.doesNotReject(Deno.stat(file), `${path}: ${target}`);
    }
  }
});

Deno.test("every dependency is documented with its reason", async () => {
  const imports = Object.keys(JSON.parse(await readProjectFile("deno.json")).imports);
  const reasons = await readProjectFile("docs/dependencies.md");
  for (const name of imports) {
    const parts = name.split("/");
    const base = name.startsWith("@") ? parts.slice(0, 2).join("/") : parts[0];
    assert.ok(reasons.includes(`\`${base}\``), name);
  }
});
