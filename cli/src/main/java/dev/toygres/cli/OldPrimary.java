package dev.toygres.cli;

/** What becomes of the old primary, as it is typed. */
enum OldPrimary {
    convert,
    stop,
    terminate;

    /** As the contract has it. */
    String word() {
        return switch (this) {
            case convert -> "ConvertToReplica";
            case stop -> "StopAndRetain";
            case terminate -> "Terminate";
        };
    }
}
