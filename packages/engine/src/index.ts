/** The embedded engine: runs an unmodified Pulumi program without the Pulumi CLI. */
export * from "./api";
export { createEmbeddedEngine } from "./engine";
export * from "./provider";
export type { PassphraseError } from "./state/errors";
