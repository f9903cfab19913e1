/** An S3 bucket as the backups see it, whoever made it: AWS, a server of yours, or one in the stack. */
import type * as pulumi from "@pulumi/pulumi";

import type { SecretText } from "../secret-text";

/** Keys of one identity. */
export interface BucketCredentials<Text extends SecretText = SecretText> {
    accessKeyId: Text;
    secretAccessKey: Text;
}

export interface BackupLocation<Text extends SecretText = SecretText> {
    /** URL of the server, without the bucket, e.g. `https://s3.eu-central-1.amazonaws.com`. */
    endpoint: pulumi.Input<string>;
    region: pulumi.Input<string>;
    bucket: pulumi.Input<string>;
    /** The bucket is part of the path rather than of the host name. */
    pathStyle: boolean;
    /** Writes backups, and reads them; what is there it cannot remove. */
    writer: BucketCredentials<Text>;
    /** Removes what retention no longer keeps. The same as `writer` where the server knows one identity only. */
    pruner: BucketCredentials<Text>;
}
