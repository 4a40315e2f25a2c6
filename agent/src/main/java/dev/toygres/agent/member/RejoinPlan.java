package dev.toygres.agent.member;

import dev.toygres.model.Lsn;

/** How data becomes that of a standby again. */
sealed interface RejoinPlan {
    record Start() implements RejoinPlan {}

    record Rewind(Lsn fork, long divergedBytes) implements RejoinPlan {}

    record CloneAnew(String why) implements RejoinPlan {}

    /**
     * Whose WAL is part of the upstream's history needs only to be started.
     *
     * @param ours up to the last record that is here
     * @param theirs up to what the upstream has flushed
     */
    static RejoinPlan of(Lineage ours, Lineage theirs) {
        var end = ours.last().end();
        var fork = ours.fork(theirs);
        if (fork.isEmpty()) {
            return new CloneAnew("its history has nothing in common with the upstream's");
        }
        if (fork.get().compareTo(end) >= 0) {
            return new Start();
        }
        if (ours.last().timeline() == theirs.last().timeline()) {
            return new CloneAnew("it is ahead of the upstream on the same timeline");
        }
        return new Rewind(fork.get(), end.bytesSince(fork.get()));
    }
}
