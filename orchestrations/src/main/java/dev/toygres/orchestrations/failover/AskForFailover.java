package dev.toygres.orchestrations.failover;

import dev.toygres.durable.Context;
import dev.toygres.durable.Flow;
import dev.toygres.model.Refused;
import dev.toygres.store.Catalogue;
import java.util.Optional;

/**
 * Asks somebody whether to fail over (S5): one call forces it. It has touched nothing and holds
 * nothing up; the watch withdraws it when the primary is back, or when there is another way.
 */
record AskForFailover(AutomaticFailovers failovers) implements Flow<Doubt, Doubt.Outcome> {

    /** What came of an answer: an operation, or why there is none. */
    record Begun(Optional<String> operation, String words) {}

    @Override
    public Doubt.Outcome run(Context context, Doubt doubt) {
        Optional<String> remark = Optional.empty();
        for (int round = 1; ; round++) {
            ForceAnswer answer =
                    context.decision("force-" + round, doubt.question(remark), ForceAnswer.class);
            if (answer.isAbandon()) {
                return new Doubt.Outcome(
                        doubt.instanceId(), Optional.empty(), "it was decided not to fail over");
            }
            remark = answer.lacks(doubt.candidates(), doubt.proven());
            if (remark.isEmpty()) {
                Begun begun = begin(context, round, doubt, answer);
                if (begun.operation().isPresent()) {
                    return new Doubt.Outcome(doubt.instanceId(), begun.operation(), begun.words());
                }
                remark = Optional.of(begun.words());
            }
        }
    }

    private Begun begin(Context context, int round, Doubt doubt, ForceAnswer answer) {
        return context.transact(
                "begin-" + round,
                Begun.class,
                connection -> {
                    try {
                        String id =
                                failovers.beginOnWord(
                                        Catalogue.within(connection),
                                        context.operationId(),
                                        doubt,
                                        answer);
                        return new Begun(Optional.of(id), "begun");
                    } catch (Refused notNow) {
                        return new Begun(Optional.empty(), String.valueOf(notNow.getMessage()));
                    }
                });
    }
}
