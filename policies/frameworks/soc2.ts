import { referencesTo } from "./framework";
import type { Framework } from "./framework";

/** The criteria of the Trust Services Criteria that a deployment's settings can bear on. */
const SOC2 = {
    name: "SOC 2 Trust Services Criteria",
    version: "2017",
    url: "https://www.aicpa-cima.com/resources/download/2017-trust-services-criteria-with-revised-points-of-focus-2022",
    controls: {
        "CC6.1":
            "The entity implements logical access security software, infrastructure, and architectures over protected information assets to protect them from security events to meet the entity's objectives",
        "CC6.3":
            "The entity authorizes, modifies, or removes access to data, software, functions, and other protected information assets based on roles, responsibilities, or the system design and changes, giving consideration to the concepts of least privilege and segregation of duties, to meet the entity's objectives",
        "CC6.6":
            "The entity implements logical access security measures to protect against threats from sources outside its system boundaries",
        "CC6.7":
            "The entity restricts the transmission, movement, and removal of information to authorized internal and external users and processes, and protects it during transmission, movement, or removal to meet the entity's objectives",
        "CC6.8":
            "The entity implements controls to prevent or detect and act upon the introduction of unauthorized or malicious software to meet the entity's objectives",
        "CC7.2":
            "The entity monitors system components and the operation of those components for anomalies that are indicative of malicious acts, natural disasters, and errors affecting the entity's ability to meet its objectives; anomalies are analyzed to determine whether they represent security events",
        "CC7.5":
            "The entity identifies, develops, and implements activities to recover from identified security incidents",
        "CC8.1":
            "The entity authorizes, designs, develops or acquires, configures, documents, tests, approves, and implements changes to infrastructure, data, software, and procedures to meet its objectives",
        "A1.1": "The entity maintains, monitors, and evaluates current processing capacity and use of system components (infrastructure, data, and software) to manage capacity demand and to enable the implementation of additional capacity to help meet its objectives",
        "A1.2": "The entity authorizes, designs, develops or acquires, implements, operates, approves, maintains, and monitors environmental protections, software, data back-up processes, and recovery infrastructure to meet its objectives",
        "C1.1": "The entity identifies and maintains confidential information to meet the entity's objectives related to confidentiality",
    },
} as const satisfies Framework;

export const soc2 = referencesTo(SOC2);
