/** What a judge says of one object by one of its checks. */
export interface Verdict {
    tool: "kube-score" | "checkov";
    check: string;
    /** `<system>-<environment>` */
    stack: string;
    /** Name of the workload or job; of what is no part of one, its own. */
    workload: string;
    /** `Deployment api` */
    object: string;
    passed: boolean;
    /** What is wrong, in the judge's words. */
    said: string;
}
