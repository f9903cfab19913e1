/** Where in a bucket a stack's backups are, as the toolbox is told: by the stack itself, and by what looks for a stack that is gone. */

export interface BucketPlace {
    endpoint: string;
    region: string;
    bucket: string;
    /** The bucket is part of the path rather than of the host name. */
    pathStyle: boolean;
}

/** The part `repository` of the toolbox's configuration, without the files that open it. */
export function repositorySettings({ pathStyle, ...place }: BucketPlace, stack: string) {
    return { kind: "s3", ...place, prefix: stack, addressing: pathStyle ? "path" : "dns" } as const;
}

/** AWS wants the bucket's name in the host's; every server knows it in the path. */
export function isPathStyle(endpoint: string): boolean {
    return !/\.amazonaws\.com(\.cn)?$/.test(new URL(endpoint).hostname);
}

/** An AWS shared credentials file is these, with the two parts of the key between them. */
export const CREDENTIALS_FILE = ["[default]\naws_access_key_id = ", "\naws_secret_access_key = ", "\n"] as const;
