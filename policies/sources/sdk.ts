/** What the pack uses of Pulumi's SDK, itself and through `@pulumi/policy`: its bundle has this in the place of the whole SDK. */
export * as asset from "@pulumi/pulumi/asset";
export { Config } from "@pulumi/pulumi/config";
export { Output } from "@pulumi/pulumi/output";
