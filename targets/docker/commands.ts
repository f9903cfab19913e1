import * as command from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";

/**
 * Starts a job's container and waits for its end. Prints nothing when it succeeds, so that no line of its output reaches the state;
 * when it fails, its last lines are the error. A job that a broken-off run left running is waited for, not started twice: attaching to
 * it starts nothing, and its log has the lines from before.
 */
export const RUN_JOB = `
tmp=$(mktemp) || exit 1
trap 'rm -f "$tmp"' EXIT
docker update --pids-limit "$PIDS_LIMIT" "$CONTAINER" >/dev/null || exit 1
code=0
timeout "$SECONDS_LIMIT" docker start --attach "$CONTAINER" >"$tmp" 2>&1 || code=$?
[ "$code" -eq 0 ] && exit 0
if [ "$code" -eq 124 ]; then
    docker kill "$CONTAINER" >/dev/null 2>&1
    echo "It did not end within $SECONDS_LIMIT seconds and was stopped. Its last lines:" >&2
else
    echo "It ended with exit code $code. Its last lines:" >&2
fi
{ docker logs --tail 30 "$CONTAINER" 2>&1 | grep . || tail -n 30 "$tmp"; } >&2
exit "$code"
`.trim();

/** The provider has no property for it, but the engine can change it on a container that exists, and keeps it over restarts. */
export const LIMIT_PROCESSES = 'docker update --pids-limit "$PIDS_LIMIT" $CONTAINERS >/dev/null';

/**
 * A command on this machine that speaks to the stack's Docker engine. Its output is kept out of progress and, as a
 * secret, out of sight in the state.
 */
export function dockerCommand(
    name: string,
    create: string,
    variables: Record<string, pulumi.Input<string>>,
    host: string | undefined,
    triggers: pulumi.Input<string>[],
    opts: pulumi.CustomResourceOptions,
): command.local.Command {
    return new command.local.Command(
        name,
        {
            create,
            interpreter: ["/bin/sh", "-c"],
            environment: { ...variables, ...(host && { DOCKER_HOST: host }) },
            logging: command.local.Logging.None,
            triggers,
        },
        { ...opts, provider: undefined, additionalSecretOutputs: ["stdout", "stderr"] },
    );
}
