/** Somebody else holds it for too long. The client may try again. */
export class LockTimeout extends Error {}

/** Lets one in at a time, in the order in which they came. */
export class Mutex {
    private held = false;
    private readonly waiting: (() => void)[] = [];

    /** Resolves with what lets the next one in; to be called once. @throws LockTimeout */
    async acquire(timeoutMs: number): Promise<() => void> {
        if (this.held) await this.wait(timeoutMs);
        this.held = true;
        let released = false;
        return () => {
            if (released) return;
            released = true;
            const next = this.waiting.shift();
            if (next) next();
            else this.held = false;
        };
    }

    private wait(timeoutMs: number): Promise<void> {
        return new Promise((resolve, reject) => {
            const timer = setTimeout(() => {
                this.waiting.splice(this.waiting.indexOf(enter), 1);
                reject(new LockTimeout(`another transaction has been open for more than ${timeoutMs} ms`));
            }, timeoutMs);
            const enter = () => {
                clearTimeout(timer);
                resolve();
            };
            this.waiting.push(enter);
        });
    }
}
