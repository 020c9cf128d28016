/** A tree of XML: text, elements by name, or several of the same name. */
export type Xml = string | number | boolean | undefined | readonly Xml[] | {
  readonly [name: string]: Xml;
};

/** Writes a tree; a list repeats its element, what is undefined is left out. */
export function xml(name: string, value: Xml): string {
  if (value === undefined) return "";
  if (Array.isArray(value)) return value.map((one) => xml(name, one)).join("");
  if (typeof value === "object") {
    const inner = Object.entries(value).map(([key, child]) => xml(key, child as Xml)).join("");
    return `<${name}>${inner}</${name}>`;
  }
  return `<${name}>${escape(String(value))}</${name}>`;
}

function escape(text: string): string {
  return text.replace(/[<>&"]/g, (c) => `&#${c.charCodeAt(0)};`);
}

export function xmlResponse(name: string, value: Xml, status = 200): Response {
  return new Response(`<?xml version="1.0" encoding="UTF-8"?>\n${xml(name, value)}`, {
    status,
    headers: { "content-type": "application/xml" },
  });
}
