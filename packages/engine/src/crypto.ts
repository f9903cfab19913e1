/** Pulumi's passphrase encryption, for tools that read stack files. */
export { Crypter } from "./state/crypto";
