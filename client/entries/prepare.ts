/**
 * The only script of `GET /chime-page/prepare`: loads the files of a visit into the browser's cache,
 * and tells the host app. The files run nothing by themselves.
 */
import type { PrepareData } from "../../supabase/functions/chime-page/contract/page_data.ts";
import { createHost, type HostScope } from "../bridge/events.ts";

/** After this long, a file that neither arrives nor fails counts as failed. */
const TIMEOUT_MS = 120_000;

const data: PrepareData = JSON.parse(
  document.getElementById("prepare-data")?.textContent ?? "",
);
const scope: HostScope = Object(globalThis);
const host = createHost(scope, { origins: data.hostOrigins, now: () => Date.now() });

/** Loads a file exactly as the visit does, so that the visit finds it in the cache. */
function load({ url, integrity }: PrepareData["files"][number]): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    Object.assign(script, {
      integrity,
      crossOrigin: "anonymous",
      onload: resolve,
      onerror: reject,
    });
    script.src = url;
    document.body.append(script);
  });
}

/** Chromium's interface; other browsers send only the header `Save-Data`, which the server reads. */
const { connection }: { connection?: { readonly saveData?: boolean } } = Object(navigator);
if (data.saveData || connection?.saveData) host.send("prepare", { state: "data-saver" });
else {
  const timeout = new Promise((_, reject) => setTimeout(reject, TIMEOUT_MS));
  Promise.race([timeout, Promise.all(data.files.map(load))]).then(
    () => host.send("prepare", { state: "prepared" }),
    () => host.send("prepare", { state: "failed" }),
  );
}
