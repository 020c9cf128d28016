import { deepEqual } from "node:assert/strict";
import { markTab } from "./page_data.ts";

Deno.test("the address loses its link and gets the query of a reload, unless the document may not change it", () => {
  const location = { pathname: "/visit", search: "?pass=secret&lang=en", hash: "#a" };
  const addresses: unknown[] = [];
  const replaceState = (_state: unknown, _title: string, url?: string | URL | null) => {
    addresses.push(url);
  };
  markTab(location, { state: null, replaceState }, "tab=0a1b2c3d&lang=en");
  deepEqual(addresses, ["/visit?tab=0a1b2c3d&lang=en#a"]);
  const refuse = () => {
    throw new DOMException("opaque origin", "SecurityError");
  };
  markTab(location, { state: null, replaceState: refuse }, "tab=0a1b2c3d");
});
