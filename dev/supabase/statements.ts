/** One SQL statement of a file. */
export interface Statement {
  readonly text: string;
  /** The line that its first word is on; the first line of a file is 1. */
  readonly line: number;
}

/**
 * What a semicolon can hide in, and the words and brackets that decide whether it ends a statement:
 * comments, strings, quoted names, dollar-quoted bodies.
 */
const TOKEN = new RegExp(
  [
    String.raw`--[^\n]*`,
    String.raw`\/\*`,
    String.raw`\b[eE]'(?:[^'\\]|\\[^]|'')*'`,
    String.raw`'(?:[^']|'')*'`,
    String.raw`"(?:[^"]|"")*"`,
    // A dollar inside a name does not begin a body.
    String.raw`(?<![\w$])\$(?<tag>(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?)\$[^]*?\$\k<tag>\$`,
    String.raw`[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*`,
    String.raw`[;()]`,
    String.raw`\S`,
  ].join("|"),
  "g",
);

/**
 * Splits a file into statements as psql does, so that an error can name the line. Brackets and the
 * body of a routine in SQL (`begin atomic … end`) may contain semicolons.
 */
export function splitStatements(source: string): readonly Statement[] {
  const statements: Statement[] = [];
  const pattern = new RegExp(TOKEN);
  let start = -1;
  let brackets = 0;
  let blocks = 0;
  let previous = "";
  const finish = (end: number) => {
    if (start >= 0) {
      statements.push({ text: source.slice(start, end), line: lineAt(source, start) });
    }
    start = -1;
    brackets = blocks = 0;
    previous = "";
  };
  for (let match = pattern.exec(source); match; match = pattern.exec(source)) {
    const [token] = match;
    if (token.startsWith("--")) continue;
    if (token === "/*") {
      pattern.lastIndex = endOfComment(source, match.index);
      continue;
    }
    if (token === ";" && brackets === 0 && blocks === 0) {
      finish(match.index);
      continue;
    }
    if (start < 0) start = match.index;
    if (token === "(") brackets++;
    if (token === ")") brackets = Math.max(0, brackets - 1);
    const word = token.toLowerCase();
    if (word === "atomic" && previous === "begin") blocks = 1;
    else if (word === "case" && blocks > 0) blocks++;
    else if (word === "end" && blocks > 0) blocks--;
    previous = word;
  }
  finish(source.length);
  return statements;
}

/** Comments nest in Postgres. */
function endOfComment(source: string, start: number): number {
  const marks = /\/\*|\*\//g;
  marks.lastIndex = start;
  let depth = 0;
  for (let match = marks.exec(source); match; match = marks.exec(source)) {
    depth += match[0] === "/*" ? 1 : -1;
    if (depth === 0) return marks.lastIndex;
  }
  return source.length;
}

/** The line of an offset. */
export function lineAt(source: string, offset: number): number {
  return source.slice(0, offset).split("\n").length;
}
