import { SDK_FILES } from "./sdk_manifest.generated.ts";

/** Where a page loads the Chime SDK from, and the hash it must have. */
export interface SdkSource {
  readonly url: string;
  /** For `<script integrity>`: `sha384-…`. */
  readonly integrity: string;
}

/**
 * The SDK file that pages load.
 * @param cdnUrl a bare origin means the current file of the manifest at that origin
 * @param integrity needed if the file is not in the manifest
 * @returns undefined if the hash is missing or contradicts the manifest; browsers would refuse the file
 */
export function sdkFile(cdnUrl: string, integrity: string | undefined): SdkSource | undefined {
  const url = new URL(cdnUrl);
  if (url.pathname === "/") url.pathname = `/${SDK_FILES[0].file}`;
  const name = url.pathname.split("/").at(-1);
  const known = SDK_FILES.find(({ file }) => file === name)?.integrity;
  if (known && integrity && known !== integrity) return undefined;
  const expected = known ?? integrity;
  return expected ? { url: url.href, integrity: expected } : undefined;
}
