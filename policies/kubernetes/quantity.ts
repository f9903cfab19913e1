/** Quantities of the Kubernetes API as numbers: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */

const FACTORS: Record<string, number> = {
    n: 1e-9,
    u: 1e-6,
    m: 1e-3,
    "": 1,
    k: 1e3,
    M: 1e6,
    G: 1e9,
    T: 1e12,
    P: 1e15,
    E: 1e18,
    Ki: 2 ** 10,
    Mi: 2 ** 20,
    Gi: 2 ** 30,
    Ti: 2 ** 40,
    Pi: 2 ** 50,
    Ei: 2 ** 60,
};

/** `250m` is 0.25, `512Mi` is 536870912; absent is 0. @throws Error for what is no quantity */
export function quantity(text: string | undefined): number {
    if (text === undefined) return 0;
    const [, digits, suffix = ""] = /^([+-]?[\d.]+(?:[eE][+-]?\d+)?)([a-zA-Z]*)$/.exec(text) ?? [];
    const factor = FACTORS[suffix];
    if (digits === undefined || factor === undefined)
        throw new Error(`"${text}" is no quantity of the Kubernetes API.`);
    return Number(digits) * factor;
}
