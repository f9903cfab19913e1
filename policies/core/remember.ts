/** A function of an object that is computed once for each. */
export function remember<K extends object, V>(compute: (key: K) => V): (key: K) => V {
    const known = new WeakMap<K, V>();
    return (key) => {
        let value = known.get(key);
        if (value === undefined) known.set(key, (value = compute(key)));
        return value;
    };
}
