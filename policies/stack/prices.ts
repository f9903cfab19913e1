/**
 * What runs costs, in US dollars: AWS' list prices on demand in us-east-1, March 2026. Compute as Fargate sells it
 * (aws.amazon.com/fargate/pricing), storage as gp3 (ebs/pricing), a load balancer's hours without its traffic
 * (elasticloadbalancing/pricing), a key (kms/pricing). An estimate to notice a mistake by, a tenth more or less; not a bill.
 */
export const PRICES = {
    cpuHour: 0.04048,
    memoryGiBHour: 0.004445,
    storageGiBMonth: 0.08,
    loadBalancerHour: 0.0225,
    keyMonth: 1,
} as const;

/** 365 days of 24 hours, a twelfth of it. */
export const HOURS_A_MONTH = 730;
