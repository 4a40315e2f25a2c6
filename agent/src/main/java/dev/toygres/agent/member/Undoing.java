package dev.toygres.agent.member;

import dev.toygres.agent.files.Durable;
import dev.toygres.agent.member.Memory.Stage;
import dev.toygres.agentapi.OrderResult.MemberUp;
import dev.toygres.agentapi.lease.Electorate;
import dev.toygres.model.StopMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Data from before a restore takes the place of what the restore had made. That stays aside until
 * the former data answers: whatever fails or is cut short before, it is put back (D12, P54).
 *
 * <p>Meanwhile {@code kept/} is for the restored data, and what it held before is set aside. Data
 * is moved and never copied: which of the two places is empty tells how far it has come.
 */
final class Undoing {
    private final Ground ground;
    private final Member member;
    private final Kept kept;

    Undoing(Ground ground, Member member) {
        this.ground = ground;
        this.member = member;
        kept = new Kept(member.home);
    }

    /**
     * Done already when nothing is kept.
     *
     * @param beyond the newest timeline that anybody has seen; the former data goes on as a newer
     */
    MemberUp undo(long term, int beyond) {
        if (isGone() || hasAnswered()) {
            return forget(start(term));
        }
        try {
            exchange(beyond);
            goOn();
            member.remember(member.known().ready());
            ground.crash().reached("undo: ready");
            return forget(start(term));
        } catch (RuntimeException failure) {
            putBack();
            throw failure;
        }
    }

    /** The restored data is the member's, whatever an undo has begun. */
    MemberUp takeBack(long term) {
        if (isGone()) {
            throw new OrderFailed("what the restore of " + member.id + " had made is gone already");
        }
        if (kept.hasFormer()) {
            putBack();
        }
        return start(term);
    }

    /** What has no note is being deleted, or never was. */
    private boolean isGone() {
        return !kept.exists() && !Files.exists(kept.formerData());
    }

    /** Cut short between its answer and the end of what was aside. */
    private boolean hasAnswered() {
        return member.known().stage() == Stage.Ready
                && Files.exists(kept.data())
                && kept.hasFormer()
                && !Files.exists(kept.formerData());
    }

    private void exchange(int beyond) {
        member.down(StopMode.Immediate);
        if (!kept.hasFormer()) {
            kept.setAside();
            ground.crash().reached("undo: set aside");
        }
        if (!kept.exists()) {
            kept.prepare(member.known(), note());
            ground.crash().reached("undo: noted");
        }
        member.remember(kept.formerMemory().inTerm(member.known().term()).at(Stage.Restoring));
        ground.crash().reached("undo: remembered");
        if (Files.exists(kept.formerData())) {
            var restored = Files.exists(kept.data()) ? kept.data() : member.home.data();
            new TakenTimelines(ground.user(), kept.formerData()).mark(beyond, restored);
            move(member.home.data(), kept.data());
            ground.crash().reached("undo: moved aside");
            move(kept.formerData(), member.home.data());
        }
        ground.crash().reached("undo: back");
    }

    private Kept.Note note() {
        var former = kept.formerNote().orElseThrow();
        return new Kept.Note(
                former.label(),
                former.target(),
                former.term(),
                Instant.now(),
                DiskUse.of(member.home.data()));
    }

    /** Unless it was moved before. */
    private static void move(Path from, Path to) {
        if (Files.exists(from)) {
            Durable.move(from, to);
        }
    }

    /** As a timeline that nobody has seen; not archiving before it is told to. */
    private void goOn() {
        var end = new Replay(member, ground).ontoNextTimeline((_, _) -> {});
        ground.crash().reached("undo: on timeline " + end.timeline());
        member.down(StopMode.Fast);
        member.archiving().await(true);
    }

    private MemberUp start(long term) {
        member.remember(alone(member.requireReady(), term));
        return member.start(term, Optional.of(Map.copyOf(member.known().settings())));
    }

    /** S12: whoever changes its history forgets its electors, and is told of them anew. */
    static Memory alone(Memory known, long term) {
        return known.unfenced(term).keptBy(Electorate.NONE);
    }

    /** The note first: what has none is not put back. */
    private MemberUp forget(MemberUp up) {
        ground.crash().reached("undo: answered");
        Durable.delete(member.home.restored());
        kept.drop();
        ground.crash().reached("undo: dropped");
        kept.dropFormer();
        return up;
    }

    private void putBack() {
        member.down(StopMode.Immediate);
        if (Files.exists(kept.data())) {
            if (!Files.exists(kept.formerData())) {
                move(member.home.data(), kept.formerData());
            }
            move(kept.data(), member.home.data());
        }
        if (kept.exists()) {
            member.remember(kept.memoryThen().inTerm(member.known().term()));
        }
        kept.bringBack();
    }
}
