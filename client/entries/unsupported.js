// Runs in any engine since 2009. If the client did not start, for example because the engine lacks
// its syntax or an API, the page says so instead of loading forever.
// deno-lint-ignore no-window -- these engines lack globalThis.
if (!window.chimePage) {
  document.body.setAttribute("data-phase", "failed");
  document.body.className = "over";
  document.getElementById("card-text").hidden = true;
  document.getElementById("floor").hidden = false;
}
