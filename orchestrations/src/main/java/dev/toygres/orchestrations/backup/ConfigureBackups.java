package dev.toygres.orchestrations.backup;

import dev.toygres.durable.Context;
import dev.toygres.durable.Flow;
import dev.toygres.durable.StepOptions;
import java.time.Duration;
import java.util.Optional;

/**
 * Backups of an instance are set up (R4.26): the store is proven from every host of it, then every
 * member archives there whenever it is primary, and only then the schedule counts.
 *
 * <p>Failed or cancelled before that, all is as it was.
 */
public final class ConfigureBackups implements Flow<Wanted, BackupOutcome> {
    private static final StepOptions PROOF =
            StepOptions.DEFAULT.attempts(2).attemptTimeout(Duration.ofMinutes(2)).asAbortable();

    private final ConfigureSteps steps;

    public ConfigureBackups(ConfigureSteps steps) {
        this.steps = steps;
    }

    @Override
    public BackupOutcome run(Context context, Wanted wanted) {
        String id = wanted.instanceId();
        context.onUndo(
                "give-the-place-back",
                undo -> undo.transact("given-back", c -> steps.giveBack(c, wanted)));
        Members members =
                context.transact("reserve-place", Members.class, c -> steps.reserve(c, wanted));

        proveFromAll(context, members);
        context.onUndo(
                "archive-as-before",
                StepOptions.DEFAULT.attempts(20),
                attempt -> steps.archiveAsBefore(attempt, members));
        for (Members.One member : members.standbysFirst()) {
            context.step("claim-" + member.id(), PROOF, attempt -> steps.claim(attempt, member));
            context.progress(0.5, "setting up the archive of " + member.id());
            context.step(
                    "archive-from-" + member.id(),
                    PROOF.attempts(5),
                    attempt -> steps.archive(attempt, members, member));
        }
        context.transact("put-in-force", c -> steps.putInForce(c, members, wanted));
        context.pointOfNoReturn("in-force");
        return new BackupOutcome(id, Optional.empty());
    }

    /** What one host writes each other one has to see: else a failover leads away from it. */
    private void proveFromAll(Context context, Members members) {
        Proof proof = Proof.NONE;
        for (String host : members.hosts()) {
            context.progress(0.1, "writing to the store from " + host + ", reading and deleting");
            Proof before = proof;
            proof =
                    context.step(
                            "prove-store-from-" + host,
                            PROOF,
                            Proof.class,
                            attempt -> steps.prove(attempt, members, host, before));
        }
    }
}
