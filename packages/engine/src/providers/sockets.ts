/** Why the other end of a socket does not answer, in words, by Node's code of the error. */
export const UNREACHABLE: Readonly<Record<string, string>> = {
    ENOENT: "there is no such socket",
    ECONNREFUSED: "nothing listens there",
    EACCES: "this user may not use the socket",
    EPERM: "this user may not use the socket",
    ENOTFOUND: "the host name does not resolve",
    EAI_AGAIN: "the host name does not resolve",
    EHOSTUNREACH: "the host cannot be reached",
    ENETUNREACH: "the host cannot be reached",
    ETIMEDOUT: "no answer in time",
    ECONNRESET: "it closed the connection",
    EPIPE: "it closed the connection",
};
