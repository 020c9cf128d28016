import { equal } from "node:assert/strict";
import { permissionHelp } from "./platform.ts";

Deno.test("the permission help is that of the app or browser", () => {
  const phone = "Mozilla/5.0 (Linux; Android 12; K) AppleWebKit/537.36 (KHTML, like Gecko)";
  const iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 15_0 like Mac OS X) AppleWebKit/605.1.15";
  const mac = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)";
  const table: [string, boolean, boolean, string][] = [
    [`${phone} Version/4.0 Chrome/110.0.0.0 Mobile Safari/537.36; wv)`, false, true, "AndroidApp"],
    [`${phone} Chrome/110.0.0.0 Mobile Safari/537.36`, true, true, "AndroidApp"],
    [`${phone} Chrome/110.0.0.0 Mobile Safari/537.36`, false, true, "Chrome"],
    [`${iphone} (KHTML, like Gecko) Mobile/15E148`, false, true, "IosApp"],
    [`${iphone} Version/15.0 Mobile/15E148 Safari/604.1`, true, true, "IosApp"],
    [`${iphone} Version/15.0 Mobile/15E148 Safari/604.1`, false, true, "Safari"],
    [`${mac} AppleWebKit/605.1.15 Version/15.0 Safari/605.1.15`, false, false, "Safari"],
    [`${mac} AppleWebKit/537.36 Chrome/120.0.0.0 Safari/537.36`, false, false, "Chrome"],
    [`${mac} AppleWebKit/605.1.15 (KHTML, like Gecko)`, false, true, "IosApp"],
    // Chrome and Firefox on iOS are apps whose permissions iOS keeps.
    [`${iphone} CriOS/120.0 Mobile/15E148 Safari/604.1`, false, true, "IosApp"],
    [`${iphone} FxiOS/130.0 Mobile/15E148 Safari/605.1.15`, false, true, "IosApp"],
    [
      "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
      false,
      false,
      "Firefox",
    ],
    [
      "Mozilla/5.0 (Android 13; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0",
      false,
      true,
      "Firefox",
    ],
    [
      "Mozilla/5.0 (Android 13; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0",
      true,
      true,
      "AndroidApp",
    ],
    // WebKitGTK, and headless Chromium.
    [
      "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1.15 Version/26.0 Safari/605.1.15",
      false,
      false,
      "Safari",
    ],
    [
      "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/106.0.0.0 Safari/537.36",
      false,
      false,
      "Chrome",
    ],
  ];
  for (const [userAgent, hosted, touch, expected] of table) {
    equal(permissionHelp({ userAgent, hosted }, touch), `allow${expected}`, userAgent);
  }
});
