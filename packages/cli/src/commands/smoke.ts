export async function smoke(..._: unknown[]): Promise<number> {
    return 1;
}
