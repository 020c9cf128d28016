import type { Language } from "./languages.ts";

/** Short units; `#` is the amount. `Intl.NumberFormat` has units only since iOS 14.5. */
const UNITS: Readonly<Record<Language, readonly [day: string, hour: string, minute: string]>> = {
  en: ["# d", "# h", "# min"],
  fr: ["# j", "# h", "# min"],
  ar: ["# ي", "# س", "# د"],
  pt: ["# d", "# h", "# min"],
  es: ["# d", "# h", "# min"],
  sw: ["siku #", "saa #", "dak #"],
};

/** From here on, only minutes count. */
const EXACT_SECONDS = 600;

/**
 * Formats how long something still takes: "2 d 5 h", "2 h 33 min", "25 min", and from ten minutes on
 * "9:59".
 */
export function duration(seconds: number, language: Language): string {
  if (seconds <= EXACT_SECONDS) {
    return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
  }
  // Rounded up: at "1 min" less is left than a minute.
  const minutes = Math.ceil(seconds / 60);
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24];
  const amounts = days > 0 ? [days, hours, 0] : [0, hours, minutes % 60];
  return UNITS[language].map((unit, index) => {
    const amount = amounts[index] ?? 0;
    return amount > 0 ? unit.replace("#", String(amount)) : "";
  }).filter(Boolean).join(" ");
}
