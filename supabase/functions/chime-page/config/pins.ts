/**
 * Pins the packages that the AWS client depends on. Where the function is deployed from source, npm
 * packages are resolved without a lock file, and only an import can fix the version of a package:
 * `deno.json` has the versions. The built function does not contain this module's imports.
 */
import "@aws-sdk/core/package.json" with { type: "json" };
import "@aws-sdk/credential-provider-env/package.json" with { type: "json" };
import "@aws-sdk/credential-provider-http/package.json" with { type: "json" };
import "@aws-sdk/credential-provider-ini/package.json" with { type: "json" };
import "@aws-sdk/credential-provider-login/package.json" with { type: "json" };
import "@aws-sdk/credential-provider-node/package.json" with { type: "json" };
import "@aws-sdk/credential-provider-process/package.json" with { type: "json" };
import "@aws-sdk/credential-provider-sso/package.json" with { type: "json" };
import "@aws-sdk/credential-provider-web-identity/package.json" with { type: "json" };
import "@aws-sdk/nested-clients/package.json" with { type: "json" };
import "@aws-sdk/signature-v4-multi-region/package.json" with { type: "json" };
import "@aws-sdk/types/package.json" with { type: "json" };
import "@aws-sdk/xml-builder/package.json" with { type: "json" };
import "@smithy/core/package.json" with { type: "json" };
import "@smithy/credential-provider-imds/package.json" with { type: "json" };
import "@smithy/fetch-http-handler/package.json" with { type: "json" };
import "@smithy/node-http-handler/package.json" with { type: "json" };
import "@smithy/signature-v4/package.json" with { type: "json" };
import "@smithy/types/package.json" with { type: "json" };
import "bowser/package.json" with { type: "json" };
import "tslib/package.json" with { type: "json" };
