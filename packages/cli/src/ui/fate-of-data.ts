/** What becomes of data when resources go, as lines for people. */
import type { PreviewDigest, ResourceState } from "@groundwork/engine/api";

import { fateOfData } from "../runtime/data";
import type { Style } from "./style";
import { wrap } from "./text";

interface View {
    columns: number;
    style: Style;
}

/** Lines for resources that go; none where none of them keeps data. */
export function renderFateOfData(going: ResourceState[], { style, columns }: View): string[] {
    return fateOfData(going).flatMap(({ heading, names, lost }) => [
        lost ? style.red(heading) : heading,
        ...wrap(names, "  ", columns),
    ]);
}

/** Lines for what a run would delete or replace. */
export function renderFateOfPlanned({ steps }: PreviewDigest, view: View): string[] {
    const going = steps.flatMap(({ op, oldState }) =>
        (op === "delete" || op === "delete-replaced" || op === "replace") && oldState !== undefined ? [oldState] : [],
    );
    return renderFateOfData([...new Map(going.map((state) => [state.urn, state])).values()], view);
}
