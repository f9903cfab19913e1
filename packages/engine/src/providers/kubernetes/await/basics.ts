/** Objects that are ready when their status says so. */
import type { PropertyValue } from "../../../provider";
import { isMap } from "../../schema/types";
import { at, type KubeObject } from "../object";
import { failed, READY, waiting, type Judge } from "./verdict";

interface Condition {
    type: string;
    status: string;
    reason?: string;
    message?: string;
}

export function conditionOf(live: KubeObject, type: string): Condition | undefined {
    const conditions = at(live, "status", "conditions");
    if (!Array.isArray(conditions)) return undefined;
    return (conditions as unknown as Condition[]).find((each) => each.type === type);
}

export const namespace: Judge = ({ live }) =>
    at(live, "status", "phase") === "Terminating"
        ? failed("terminating", "it is being deleted")
        : at(live, "status", "phase") === "Active"
          ? READY
          : waiting("it is not active yet");

/** Its objects can be made from now on. */
export const customResourceDefinition: Judge = ({ live }) => {
    const names = conditionOf(live, "NamesAccepted");
    if (names?.status === "False" && names.reason !== "Pending")
        return failed("names", `its names are not accepted: ${names.message}`);
    return conditionOf(live, "Established")?.status === "True" ? READY : waiting("it is not established yet");
};

export const resourceQuota: Judge = ({ live }) => {
    const hard = at(live, "spec", "hard");
    const counted = at(live, "status", "hard");
    return sameKeys(hard, counted) ? READY : waiting("its use is not counted yet");
};

function sameKeys(a: PropertyValue | undefined, b: PropertyValue | undefined): boolean {
    return isMap(a) ? isMap(b) && Object.keys(a).every((key) => key in b) : true;
}

/** A service account's token is filled in by a controller; every other Secret is what it was made as. */
export const secret: Judge = ({ live }) =>
    live.type !== "kubernetes.io/service-account-token" ||
    Object.keys((live.data as object | undefined) ?? {}).length > 0
        ? READY
        : waiting("its token is not made yet");
