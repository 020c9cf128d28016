/** The only script of a problem page: counts down until the visit opens, then reloads the page. */

const box = document.getElementById("countdown");
const clock = document.getElementById("countdown-time");
const seconds = Number(box?.dataset["seconds"]);

if (box !== null && clock !== null && seconds >= 0) {
  // Uses the clock instead of counting ticks, because phones sleep. Only the difference matters, so
  // a wrong clock is fine.
  const end = Date.now() + seconds * 1000;
  const twoDigits = (value: number) => String(value).padStart(2, "0");
  const tick = () => {
    const left = Math.ceil((end - Date.now()) / 1000);
    if (left <= 0) {
      clearInterval(timer);
      // The form contains the session, so it also works when cookies are blocked.
      const form = document.getElementById("retry");
      if (form instanceof HTMLFormElement) form.submit();
      else location.replace(location.href);
      return;
    }
    const hours = Math.floor(left / 3600);
    const minutes = Math.floor(left / 60) % 60;
    clock.textContent = (hours > 0 ? `${hours}:${twoDigits(minutes)}` : `${minutes}`) +
      `:${twoDigits(left % 60)}`;
    box.hidden = false;
  };
  const timer = setInterval(tick, 1000);
  tick();
}
