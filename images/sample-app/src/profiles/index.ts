/** Which service of which system a container is; `SAMPLE_PROFILE` names it. */
import { debtOsApi, debtOsWorker } from "./debt-os";
import { openCodeBackend, openCodeFrontend } from "./opencode";
import { openCodeAcp } from "./opencode-acp";
import { opsHubApi, opsHubWeb, opsHubWorker } from "./opshub";
import { projectManagerBackend, projectManagerFrontend } from "./project-manager";
import type { Profile } from "./types";

export const PROFILES: Record<string, Profile> = {
    "opencode/backend": openCodeBackend,
    "opencode/frontend": openCodeFrontend,
    "opencode-acp/acp": openCodeAcp,
    "debt-os/api": debtOsApi,
    "debt-os/worker": debtOsWorker,
    "project-manager/backend": projectManagerBackend,
    "project-manager/frontend": projectManagerFrontend,
    "opshub/api": opsHubApi,
    "opshub/web": opsHubWeb,
    "opshub/worker": opsHubWorker,
};

/** @throws when there is no such profile. */
export function findProfile(name: string | undefined): Profile {
    const profile = PROFILES[name ?? ""];
    if (!profile)
        throw new Error(
            `SAMPLE_PROFILE is ${name ?? "not set"}; it must be one of ${Object.keys(PROFILES).join(", ")}`,
        );
    return profile;
}
