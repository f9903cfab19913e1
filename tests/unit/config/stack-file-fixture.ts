/** Stack files as texts, and what they are refused with. */
import { ConfigError } from "../../../config/problems";
import { type Decrypt, parseStackFile } from "../../../config/stack-file";

export const CANARY = "canary-of-a-file";

/** Stands for Pulumi's cipher: the text in capitals. */
const decrypt: Decrypt = (ciphertext) => {
    if (!ciphertext.startsWith("v1:")) throw new Error(`bad ciphertext ${ciphertext} ${CANARY}`);
    return ciphertext.slice(3).toUpperCase();
};

/** What a file is refused with. */
export async function problemsOf(action: Promise<unknown>): Promise<ConfigError> {
    try {
        await action;
    } catch (error) {
        if (error instanceof ConfigError) return error;
        throw error;
    }
    throw new Error("The file was taken.");
}

export const parse = (text: string) => parseStackFile(text, "/project/Pulumi.dev.yaml", decrypt);
