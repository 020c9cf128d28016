/**
 * Pins packages of the AWS client that were once resolved to other versions than the tested ones. Where
 * the function is deployed from source, npm packages are resolved without a lock file, and only an
 * import can fix the version of a package: `deno.json` has the versions. Each pin makes a start from
 * source slower, so there is none for the others. The built function has the versions of deno.lock.
 */
import "@aws-sdk/core/package.json" with { type: "json" };
import "@smithy/core/package.json" with { type: "json" };
import "bowser/package.json" with { type: "json" };
