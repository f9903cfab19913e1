/** Postgres settings of DEBT-OS's document, which another system takes over. */

/**
 * PostgreSQL, Performance Tuning, without what it says of pgvector and the log: for a server of 1 GiB, since it calls
 * 256 MB a quarter of the memory and 768 MB three quarters.
 */
export const TUNING_FOR_1_GIB = {
    shared_buffers: "256MB",
    effective_cache_size: "768MB",
    work_mem: "16MB",
    maintenance_work_mem: "128MB",
    max_connections: "100",
    checkpoint_completion_target: "0.9",
};
