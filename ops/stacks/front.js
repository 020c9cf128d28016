// CloudFront Function (runtime cloudfront-js-2.0), viewer-response, on the page's path.
//
// Between the page and people stands a platform that rewrites HTML into text, and CloudFront does not
// run functions on answers of 400 and above. So behind the front the function answers 200 with the
// true status, type and policy in marker headers; here they are restored and removed.
// The other half is supabase/functions/chime-page/http/cloudfront_proxy.ts.

// deno-lint-ignore no-unused-vars -- CloudFront calls it by this name
function handler(event) {
  const response = event.response;
  const headers = response.headers;

  function take(name) {
    const value = headers[name] ? headers[name].value : "";
    delete headers[name];
    return value;
  }
  // A header that came twice would keep its second value if it were only assigned.
  function restore(name, value) {
    delete headers[name];
    if (value) headers[name] = { value: value };
  }

  const status = take("x-chime-page-status");
  const type = take("x-chime-page-type");
  const policy = take("x-chime-page-policy");
  // Not an answer of the page's function: the platform's own, which stays what it is.
  if (!/^[2-5][0-9][0-9]$/.test(status)) return response;

  response.statusCode = Number(status);
  delete response.statusDescription;
  restore("content-type", type);
  restore("content-security-policy", policy);
  return response;
}
