/**
 * A short form of a request id that can be read out on the phone, such as "0C7F-9E2A": its first eight
 * characters. The log line of the request contains it too.
 */
export function referenceOf(requestId: string): string {
  return requestId.replace(/[^0-9a-z]/gi, "").slice(0, 8).toUpperCase().replace(/^(.{4})/, "$1-");
}
