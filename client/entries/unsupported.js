// Runs in any engine since 2009: where the client did not start, whatever the reason (syntax or
// interfaces newer than the engine), the page says so instead of waiting for ever.
// deno-lint-ignore no-window -- globalThis is newer than such engines.
if (!window.chimePage) {
  document.body.setAttribute("data-phase", "failed");
  document.body.className = "over";
  document.getElementById("card-text").hidden = true;
  document.getElementById("floor").hidden = false;
}
