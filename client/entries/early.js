// Runs before the scripts of a call, which are requested while the document still arrives: remembers
// those that fail before the client listens.
// deno-lint-ignore no-window -- old engines lack globalThis.
window.failedEarly = [];
document.addEventListener(
  "error",
  function (event) {
    // deno-lint-ignore no-window -- as above. A variable would be global, beside those of the client.
    window.failedEarly.push(event.target);
  },
  true,
);
