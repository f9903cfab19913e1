/** What restic writes with `--json`. https://restic.readthedocs.io/en/stable/075_scripting.html */

export interface Summary {
    snapshot_id: string;
    total_files_processed: number;
    /** Bytes that were read. */
    total_bytes_processed: number;
    /** Bytes that the repository grew by. */
    data_added_packed: number;
}

export interface Message extends Partial<Summary> {
    message_type: string;
    message?: string;
    item?: string;
    during?: string;
    error?: { message?: string };
}

export interface Snapshot {
    id: string;
    time: string;
    tags?: string[];
}

/** A file, folder or link of a snapshot. */
export interface Node {
    path: string;
    type: string;
    mode: number;
    uid: number;
    gid: number;
    size?: number;
    mtime: string;
    linktarget?: string;
}

export function jsonLines(text: string): Message[] {
    return text
        .split("\n")
        .filter((line) => line.startsWith("{"))
        .map((line) => JSON.parse(line) as Message);
}

/** What it said went wrong, as text. */
export function messageOf(output: string): string {
    return output
        .split("\n")
        .filter((line) => line.trim() !== "")
        .map((line) => {
            if (!line.startsWith("{")) return line;
            const { message, error, item } = JSON.parse(line) as Message;
            return message ?? (error?.message ? `${item ?? ""}: ${error.message}` : "");
        })
        .filter((line) => line !== "")
        .join("\n");
}
