import * as pulumi from "@pulumi/pulumi";

/** Collects what is wrong with a component's arguments, so that one error tells it all. */
export class Problems {
    private readonly found: { propertyPath: string; reason: string }[] = [];

    /** Notes `reason` against `propertyPath` unless `holds`. */
    expect(holds: boolean, propertyPath: string, reason: string): this {
        if (!holds) {
            this.found.push({ propertyPath, reason });
        }
        return this;
    }

    /** @throws pulumi.InputPropertiesError with every problem, if there is one. */
    throwIfAny(component: string): void {
        if (this.found.length > 0) {
            const list = this.found.map((p) => `${p.propertyPath}: ${p.reason}`).join("; ");
            throw new pulumi.InputPropertiesError({ message: `${component}: ${list}`, errors: this.found });
        }
    }
}
