import type {
    Captured,
    Context,
    Driver,
    Plan,
    Proven,
    Restored,
    RestoreContext,
    RestoreRequest,
    Sink,
    Source,
} from "../driver";
import type { Kind } from "../../config.stores";
import type { Manifest } from "../../manifest";
import { clearOnVolume, swapOnVolume, undoOnVolume, undoStopsOnVolume } from "./restore";

/**
 * A driver of a store whose files are on a volume that is mounted here: one method for every kind of run, swapped in and undone on the
 * volume.
 */
export abstract class VolumeDriver<Config> implements Driver {
    abstract readonly preferredMethod: string;

    constructor(
        protected readonly name: string,
        protected readonly config: Config,
    ) {}

    method(): string {
        return this.preferredMethod;
    }

    abstract capture(kind: Kind, sink: Sink, context: Context): Promise<Captured>;

    check(): undefined {
        return undefined;
    }

    abstract plan(manifest: Manifest, request: RestoreRequest): Plan;

    abstract restore(source: Source, request: RestoreRequest, context: RestoreContext): Promise<Restored>;

    async swap(restored: Restored): Promise<Restored> {
        await this.expectStopped();
        return swapOnVolume(this.name, restored);
    }

    async undo(restored: Restored): Promise<string[]> {
        if (this.undoStops(restored)) await this.expectStopped();
        return undoOnVolume(this.name, restored);
    }

    clear(restored: Restored): Promise<void> {
        clearOnVolume(this.name, restored);
        return Promise.resolve();
    }

    undoStops(restored: Restored): boolean {
        return undoStopsOnVolume(restored);
    }

    abstract prove(source: Source, context: Context): Promise<Proven>;

    /** @throws BackupError when its server answers. A store that is files alone has none to ask. */
    protected expectStopped(): Promise<void> {
        return Promise.resolve();
    }
}
