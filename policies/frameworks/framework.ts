/** Standards whose controls rules refer to. A control is named by a key that the compiler knows. */

export interface Framework<C extends string = string> {
    readonly name: string;
    readonly version: string;
    readonly url: string;
    /** Which part of it `controls` holds, all of that part, and why not more. */
    readonly scope: string;
    /** By id: the control's title. */
    readonly controls: Readonly<Record<C, string>>;
    /** What no rule sees of a control, by its id: why rules cover it in part, or none does. */
    readonly limits: Readonly<Record<string, string>>;
    /** Why rules cover no control of it wholly. */
    readonly limit?: string;
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
