import { distance } from "fastest-levenshtein";

/** The known name that a wrong one most likely meant; undefined when none is near. */
export function nearest(wrong: string, known: Iterable<string>): string | undefined {
    // Longer names are no near miss of anything, and the distance costs the product of both lengths.
    if (wrong.length > 100) return undefined;
    const plain = simplify(wrong);
    let best: { name: string; edits: number } | undefined;
    for (const name of known) {
        const edits = editsBetween(plain, simplify(name));
        const near = edits <= allowedEdits(Math.min(plain.length, name.length));
        if (near && (best === undefined || edits < best.edits)) best = { name, edits };
    }
    return best?.name;
}

/** Two from four letters on: letters that changed places count as two. */
function allowedEdits(length: number): number {
    return length < 4 ? 1 : Math.max(2, Math.floor(length * 0.4));
}

/** A name cut short (`env` for `environment`), or written out (`production` for `prod`), is as near as one wrong letter. */
function editsBetween(wrong: string, known: string): number {
    const [short, long] = wrong.length < known.length ? [wrong, known] : [known, wrong];
    return short.length >= 3 && long.startsWith(short) && short !== long ? 1 : distance(wrong, known);
}

/** `http_port`, `http-port` and `httpPort` are the same slip of the hand. */
function simplify(name: string): string {
    return name.toLowerCase().replace(/[-_ ]/g, "");
}

/** "Did you mean x? Known: a, b." for the end of a rule. */
export function hint(wrong: string, known: Iterable<string>): string {
    const names = [...known];
    const near = nearest(wrong, names);
    const list = names.length === 0 ? "There are none." : `Known: ${names.join(", ")}.`;
    return near === undefined ? list : `Did you mean ${near}? ${list}`;
}
