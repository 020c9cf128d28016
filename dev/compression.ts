import { brotliCompressSync, constants } from "node:zlib";

/** Brotli at a setting near CloudFront's own. */
export function brotli(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 5 };
  return new Uint8Array(brotliCompressSync(bytes, { params }));
}
