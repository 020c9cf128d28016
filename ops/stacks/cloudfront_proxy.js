// CloudFront Function (runtime cloudfront-js-2.0), viewer-response, on the page's path.
//
// The hosted domain turns HTML into text, and CloudFront does not run functions on responses of 400
// and above. So behind this proxy the Edge Function responds with 200 and puts the true status, type
// and policy into headers of its own, from which they are restored here.
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
  // Deleted first, because assigning would keep the second value of a header that came twice.
  function restore(name, value) {
    delete headers[name];
    if (value) headers[name] = { value: value };
  }

  const status = take("x-chime-page-status");
  const type = take("x-chime-page-type");
  const policy = take("x-chime-page-policy");
  // A response of the platform itself, not of the Edge Function: passed on unchanged.
  if (!/^[2-5][0-9][0-9]$/.test(status)) return response;

  response.statusCode = Number(status);
  delete response.statusDescription;
  restore("content-type", type);
  restore("content-security-policy", policy);
  return response;
}
