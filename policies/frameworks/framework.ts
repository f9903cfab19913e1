/** Standards whose controls rules refer to. A control is named by a key that the compiler knows. */

export interface Framework<C extends string = string> {
    readonly name: string;
    readonly version: string;
    readonly url: string;
    /** By id: the control's title. */
    readonly controls: Readonly<Record<C, string>>;
}

/** A control that a rule checks. */
export interface Reference {
    readonly framework: Framework;
    /** Id of the control. */
    readonly control: string;
}

/** @returns what names a framework's controls */
export function referencesTo<C extends string>(framework: Framework<C>): (...controls: C[]) => Reference[] {
    return (...controls) => controls.map((control) => ({ framework, control }));
}
