package dev.toygres.cli;

/** How a replica follows, as it is typed. */
enum Mode {
    async,
    sync;

    /** As the contract has it. */
    String word() {
        return switch (this) {
            case async -> "Async";
            case sync -> "Sync";
        };
    }
}
