/** A clock that is ahead, for a process of Node.js: a month of backups in minutes. */
export const DAY_MS = 24 * 3_600_000;

/** Read before anything else: `--require`. */
export const CLOCK_MODULE = `
const ahead = Number(process.env.CLOCK_AHEAD_MS);
globalThis.Date = class extends Date {
    constructor(...args) {
        super(...(args.length === 0 ? [Date.now()] : args));
    }
    static now() {
        return super.now() + ahead;
    }
};
`;

/** What makes a process's day a later one. @param file the module, where that process finds it */
export function clockAhead(file: string, days: number): string[] {
    return [`NODE_OPTIONS=--require=${file}`, `CLOCK_AHEAD_MS=${days * DAY_MS}`];
}
