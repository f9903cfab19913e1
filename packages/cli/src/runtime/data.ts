/** What keeps a stack's data, by the resources of its state. */
import type { ResourceState } from "@groundwork/engine/api";

interface Keeper {
    type: string;
    /** Whether it holds data of the system's, rather than files that are made anew. */
    holdsData: (resource: ResourceState) => boolean;
    nameOf: (resource: ResourceState) => string | undefined;
    /** Heading of those that stay when the stack is deleted. */
    stay: (resources: ResourceState[]) => string;
    /** What their data is on, in the heading of those that do not. */
    noun: string;
}

const KEEPERS: Keeper[] = [
    {
        type: "docker:index/volume:Volume",
        holdsData: ({ inputs }) => {
            const labels = (inputs?.["labels"] ?? []) as { label: string; value: string }[];
            return labels.some(({ label, value }) => label.endsWith(".component") && value === "volume");
        },
        nameOf: ({ id }) => id,
        stay: () => "These volumes stay on the Docker engine:",
        noun: "volumes",
    },
    {
        type: "kubernetes:core/v1:PersistentVolumeClaim",
        holdsData: () => true,
        nameOf: (resource) => metadataOf(resource).name,
        stay: (resources) => {
            const namespaces = namespacesOf(resources);
            return (
                `These persistent volume claims stay in the namespace ${namespaces.join(", ")}, with their volumes ` +
                `("kubectl -n ${namespaces[0]} delete pvc <name>" deletes one):`
            );
        },
        noun: "persistent volume claims",
    },
    {
        // Their volumes are the operator's, and go with them.
        type: "kubernetes:postgresql.cnpg.io/v1:Cluster",
        holdsData: () => true,
        nameOf: (resource) => metadataOf(resource).name,
        stay: (resources) =>
            `These clusters of CloudNativePG stay in the namespace ${namespacesOf(resources).join(", ")}, run on, and have their volumes:`,
        noun: "clusters of CloudNativePG",
    },
];

export interface Fate {
    heading: string;
    names: string[];
    lost: boolean;
}

/** What becomes of the data on resources that are deleted from the state: those that are kept on delete stay where they are. */
export function fateOfData(going: ResourceState[]): Fate[] {
    return KEEPERS.flatMap(({ type, holdsData, nameOf, stay, noun }) => {
        const all = going.filter((resource) => resource.type === type && holdsData(resource));
        const staying = all.filter(({ retainOnDelete }) => retainOnDelete === true);
        const lost = all.filter((resource) => !staying.includes(resource));
        const names = (resources: ResourceState[]): string[] => resources.map((r) => nameOf(r) ?? r.urn);
        return [
            { heading: `The data on these ${noun} would be lost:`, names: names(lost), lost: true },
            { heading: stay(staying), names: names(staying), lost: false },
        ].filter((fate) => fate.names.length > 0);
    });
}

function namespacesOf(resources: ResourceState[]): string[] {
    return [...new Set(resources.map((resource) => metadataOf(resource).namespace ?? "default"))];
}

function metadataOf(resource: ResourceState): { name?: string; namespace?: string } {
    return (resource.outputs?.["metadata"] ?? resource.inputs?.["metadata"] ?? {}) as { name?: string };
}
