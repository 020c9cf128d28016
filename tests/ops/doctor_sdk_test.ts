import { cdn, distribution, expectFault, stack, test } from "./doctor_setup.ts";

test("a missing SDK file is a fault", async () => {
  stack.cdn.fail({ kind: "status", status: 403 });
  await expectFault("SDK", /^403/, /cdn:publish/);
});

test("an SDK file with other bytes is a fault", async () => {
  stack.cdn.fail({ kind: "wrong-bytes" });
  await expectFault("SDK hash", /^sha384-/, /together/);
});

test("an SDK file without CORS is a fault", async () => {
  cdn.changeResponse = ({ headers }) => delete headers["access-control-allow-origin"];
  await expectFault("SDK CORS", /no Access-Control-Allow-Origin/, /response headers policy/);
});

test("an SDK file that browsers do not cache for long is a fault", async () => {
  cdn.changeResponse = ({ headers }) => headers["cache-control"] = "public, max-age=300";
  await expectFault("SDK caching", /max-age=300/, /immutable/);
});

test("an SDK file without compression is a fault", async () => {
  cdn.changeRequest = (headers) => headers["accept-encoding"] = "identity";
  await expectFault("SDK compression", /not compressed/, /Compress/);
});

test("an SDK file that is not served as a script is a fault", async () => {
  cdn.changeResponse = ({ headers }) => headers["content-type"] = "application/octet-stream";
  await expectFault("SDK type", /octet-stream/, /text\/javascript/);
});

test("a price class without African edge locations is a fault", async () => {
  const config = distribution.config as { PriceClass: string };
  config.PriceClass = "PriceClass_100";
  try {
    await expectFault("African edges", /PriceClass_100/, /PriceClass_All/);
  } finally {
    config.PriceClass = "PriceClass_All";
  }
});
