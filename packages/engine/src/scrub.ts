/** Keeps secrets out of everything that is shown: what providers and programs say may quote them. */
import { MASK, secret, secretTexts, SHORTEST_SECRET } from "./properties";
import type { PropertyMap, PropertyValue } from "./provider";

export class Scrubber {
    private readonly texts = new Set<string>();
    private longestFirst?: string[];

    /** Remembers the secrets of a property map. */
    learn(map: PropertyMap | undefined): void {
        if (map) secretTexts(map, (text) => this.learnText(text));
    }

    /** Remembers a secret of the config. A map or list is JSON there, and each text in it may be shown alone. */
    learnConfig(value: string): void {
        this.learnText(value);
        if (!/^[[{]/.test(value)) return;
        try {
            this.learn({ value: secret(JSON.parse(value) as PropertyValue) });
        } catch (error) {
            // Text that only begins like JSON.
            if (!(error instanceof SyntaxError)) throw error;
        }
    }

    /** Texts shorter than {@link SHORTEST_SECRET} are not looked for. */
    learnText(text: string): void {
        if (text.length < SHORTEST_SECRET || this.texts.has(text)) return;
        this.longestFirst = undefined;
        for (const form of [
            text,
            JSON.stringify(text).slice(1, -1),
            encodeURIComponent(text),
            Buffer.from(text).toString("base64"),
        ]) {
            this.texts.add(form);
        }
        // A text of several lines is often shown line by line.
        if (text.includes("\n")) for (const line of text.split("\n")) this.learnText(line.trim());
    }

    scrub(message: string): string {
        this.longestFirst ??= [...this.texts].sort((a, b) => b.length - a.length);
        let result = message;
        for (const text of this.longestFirst) if (result.includes(text)) result = result.replaceAll(text, MASK);
        return result;
    }
}
