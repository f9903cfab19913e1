import { type Framework, referencesTo } from "./framework";

const SOC2 = {
    name: "SOC 2 Trust Services Criteria",
    version: "2017",
    url: "https://www.aicpa-cima.com/resources/download/2017-trust-services-criteria-with-revised-points-of-focus-2022",
    scope: "The criteria on access, operations, change, availability and confidentiality: CC6, CC7, CC8, A1 and C1. The others are about an organisation and its people.",
    limit: "A criterion is about what an organisation does, and an auditor judges that. Rules see the part of it that a deployment's settings say.",
    controls: {
        "CC6.1":
            "The entity implements logical access security software, infrastructure, and architectures over protected information assets to protect them from security events to meet the entity's objectives",
        "CC6.2":
            "Prior to issuing system credentials and granting system access, the entity registers and authorizes new internal and external users whose access is administered by the entity. For those users whose access is administered by the entity, user system credentials are removed when user access is no longer authorized",
        "CC6.3":
            "The entity authorizes, modifies, or removes access to data, software, functions, and other protected information assets based on roles, responsibilities, or the system design and changes, giving consideration to the concepts of least privilege and segregation of duties, to meet the entity's objectives",
        "CC6.4":
            "The entity restricts physical access to facilities and protected information assets (for example, data center facilities, back-up media storage, and other sensitive locations) to authorized personnel to meet the entity's objectives",
        "CC6.5":
            "The entity discontinues logical and physical protections over physical assets only after the ability to read or recover data and software from those assets has been diminished and is no longer required to meet the entity's objectives",
        "CC6.6":
            "The entity implements logical access security measures to protect against threats from sources outside its system boundaries",
        "CC6.7":
            "The entity restricts the transmission, movement, and removal of information to authorized internal and external users and processes, and protects it during transmission, movement, or removal to meet the entity's objectives",
        "CC6.8":
            "The entity implements controls to prevent or detect and act upon the introduction of unauthorized or malicious software to meet the entity's objectives",
        "CC7.1":
            "To meet its objectives, the entity uses detection and monitoring procedures to identify (1) changes to configurations that result in the introduction of new vulnerabilities, and (2) susceptibilities to newly discovered vulnerabilities",
        "CC7.2":
            "The entity monitors system components and the operation of those components for anomalies that are indicative of malicious acts, natural disasters, and errors affecting the entity's ability to meet its objectives; anomalies are analyzed to determine whether they represent security events",
        "CC7.3":
            "The entity evaluates security events to determine whether they could or have resulted in a failure of the entity to meet its objectives (security incidents) and, if so, takes actions to prevent or address such failures",
        "CC7.4":
            "The entity responds to identified security incidents by executing a defined incident-response program to understand, contain, remediate, and communicate security incidents, as appropriate",
        "CC7.5":
            "The entity identifies, develops, and implements activities to recover from identified security incidents",
        "CC8.1":
            "The entity authorizes, designs, develops or acquires, configures, documents, tests, approves, and implements changes to infrastructure, data, software, and procedures to meet its objectives",
        "A1.1": "The entity maintains, monitors, and evaluates current processing capacity and use of system components (infrastructure, data, and software) to manage capacity demand and to enable the implementation of additional capacity to help meet its objectives",
        "A1.2": "The entity authorizes, designs, develops or acquires, implements, operates, approves, maintains, and monitors environmental protections, software, data back-up processes, and recovery infrastructure to meet its objectives",
        "A1.3": "The entity tests recovery plan procedures supporting system recovery to meet its objectives",
        "C1.1": "The entity identifies and maintains confidential information to meet the entity's objectives related to confidentiality",
        "C1.2": "The entity disposes of confidential information to meet the entity's objectives related to confidentiality",
    },
    limits: {
        "CC6.2": "Who is given an account is decided by people.",
        "CC6.4": "It is about buildings.",
        "CC6.5": "It is about devices that are given away.",
        "CC7.1": "Finding vulnerabilities is a process; what changed of a stack gw report tells.",
        "CC7.3": "It is what people do when something has happened.",
        "CC7.4": "It is what people do when something has happened.",
        "A1.3": "Backups are proven by gw drill; no rule asks when the last time was.",
        "C1.2": "Disposal at the end of a contract is a process; what old backups become is GW-AWS-007 and GW-STK-007.",
    },
} as const satisfies Framework;

export const soc2 = referencesTo(SOC2);
