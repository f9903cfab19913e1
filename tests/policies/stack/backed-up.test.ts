import rule from "../../../policies/stack/backed-up";
import { specify, UNKNOWN } from "../support/spec";
import { backupSchedule, platform, running } from "../support/whole-stack";

const DATA = { volume: "db-data" };

specify(rule, {
    good: {
        "it is": [platform([DATA]), backupSchedule()],
        "it says why it is not": platform([{ volume: "certificates", unsaved: "They are issued anew" }]),
    },
    bad: {
        "nothing is": [platform([DATA]), "data[0]"],
        "others are": [[platform([DATA, { volume: "files" }]), backupSchedule()], "Platform/shop data[1]"],
    },
    edge: {
        "a stack that says nothing of its data": [running({})],
        "one that only removes what is old": [
            [platform([DATA]), backupSchedule({}, { saved: [] })],
            "Platform/shop data[0]",
        ],
        "what is no list": [platform("db-data"), "data"],
    },
    unknown: {
        "its data": [platform(UNKNOWN), "data"],
        "what is backed up": [
            [platform([DATA]), backupSchedule({ volumes: UNKNOWN })],
            "Platform/shop saved[0].volumes",
        ],
    },
});
