package dev.toygres.model.parameter;

/** Pre-defined sets of parameters for common workloads (R5.42). */
public enum Profile {
    /** Many short transactions. */
    Oltp,
    /** Few long queries over much data. */
    Analytics,
    /** Some of both. */
    GeneralPurpose,
    /** As little as possible. */
    Development,
    /** What the user gives, and nothing else. */
    Custom
}
