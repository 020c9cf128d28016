/** The one script of a problem page: counts down to the opening of a visit and then asks again. */

const box = document.getElementById("countdown");
const clock = document.getElementById("countdown-time");
const seconds = Number(box?.dataset["seconds"]);

if (box !== null && clock !== null && seconds >= 0) {
  // By the device's clock, not by counting ticks: phones sleep. Only differences count, so a wrong
  // clock does no harm.
  const until = Date.now() + seconds * 1000;
  const two = (value: number) => String(value).padStart(2, "0");
  const tick = () => {
    const left = Math.ceil((until - Date.now()) / 1000);
    if (left <= 0) {
      clearInterval(timer);
      // The form carries the session, so it works where cookies are blocked too.
      const form = document.getElementById("retry");
      if (form instanceof HTMLFormElement) form.submit();
      else location.replace(location.href);
      return;
    }
    const hours = Math.floor(left / 3600);
    const minutes = Math.floor(left / 60) % 60;
    clock.textContent = (hours > 0 ? `${hours}:${two(minutes)}` : `${minutes}`) +
      `:${two(left % 60)}`;
    box.hidden = false;
  };
  const timer = setInterval(tick, 1000);
  tick();
}
