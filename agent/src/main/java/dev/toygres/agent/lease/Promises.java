package dev.toygres.agent.lease;

import dev.toygres.agent.files.Durable;
import dev.toygres.agentapi.AgentJson;
import dev.toygres.agentapi.Order.Prepare;
import dev.toygres.agentapi.Order.VouchFor;
import dev.toygres.agentapi.lease.BootClock;
import dev.toygres.agentapi.lease.VoucherRequest;
import dev.toygres.agentapi.lease.VoucherRequest.Voucher;
import dev.toygres.model.HostId;
import dev.toygres.model.InstanceId;
import dev.toygres.model.MemberId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/**
 * What an elector has promised (S4), in a file beside its data: for whom it vouches, and for which
 * term it stands ready to be promoted. Written with fsync before anybody is told. Without a file it
 * has promised nothing, and refuses everything.
 */
public final class Promises {
    private static final JsonMapper JSON = AgentJson.mapper();

    /**
     * @param vow whose lease it keeps alive
     * @param prepared the open term that it waits to be promoted to
     * @param refused it is never promoted to this term or an older one
     */
    record Kept(Optional<Vow> vow, Optional<Ready> prepared, long refused) {}

    /**
     * For one primary in one term.
     *
     * @param host whose agent may ask
     * @param ttlMs the longest lease that it was told of in that term: a voucher of it may be out
     */
    record Vow(InstanceId instanceId, long term, MemberId primary, HostId host, long ttlMs) {
        boolean isFor(InstanceId instance, long itsTerm, MemberId itsPrimary) {
            return instanceId.equals(instance) && term == itsTerm && primary.equals(itsPrimary);
        }
    }

    /**
     * Until then it waits; by the clock of that boot.
     *
     * @param deadlineNs CLOCK_BOOTTIME
     */
    record Ready(long term, String bootId, long deadlineNs) {}

    private final Path file;
    private final BootClock clock;
    private final String bootId;
    private Kept kept;

    /** When the last voucher that was given ends: it may be used until then. */
    private long vouchersOutUntil;

    public Promises(Path file, BootClock clock, String bootId) {
        this.file = file;
        this.clock = clock;
        this.bootId = bootId;
        kept =
                Durable.read(file)
                        .map(text -> JSON.readValue(text, Kept.class))
                        .orElse(new Kept(Optional.empty(), Optional.empty(), 0));
        // The agent before us may have vouched in its last moment.
        kept.vow().ifPresent(vow -> vouchersOutUntil = clock.now() + nanos(vow.ttlMs()));
    }

    private static long nanos(long ms) {
        return Duration.ofMillis(ms).toNanos();
    }

    /** Takes the vow; the answer is empty, or says why not. */
    public synchronized Optional<String> vow(VouchFor order) {
        endOverdue();
        var vow =
                new Vow(
                        order.instanceId(),
                        order.term(),
                        order.primary(),
                        order.primaryHost(),
                        Math.max(order.ttlMs(), longest(order)));
        if (kept.vow().filter(held -> held.term() > vow.term()).isPresent()) {
            return Optional.of("it vouches in a newer term already");
        }
        if (kept.prepared().filter(ready -> ready.term() > vow.term()).isPresent()) {
            return Optional.of("it is prepared for a newer term");
        }
        if (!kept.vow().equals(Optional.of(vow))) {
            // Whoever vouches for another primary in a term is never that term's primary himself.
            write(
                    new Kept(
                            Optional.of(vow),
                            Optional.empty(),
                            Math.max(kept.refused(), vow.term())));
        }
        return Optional.empty();
    }

    private long longest(VouchFor order) {
        return kept.vow()
                .filter(vow -> vow.isFor(order.instanceId(), order.term(), order.primary()))
                .map(Vow::ttlMs)
                .orElse(0L);
    }

    /**
     * The answer to a primary's agent; once it is a yes, that voucher is out, unless it was only
     * rehearsed: then nobody has to wait for its end before a promotion.
     */
    public synchronized Voucher vouch(VoucherRequest asked, HostId asker) {
        endOverdue();
        var objection = objection(asked, asker);
        if (objection.isPresent()) {
            return new Voucher(false, objection.get());
        }
        if (!asked.rehearsal()) {
            vouchersOutUntil = Math.max(vouchersOutUntil, clock.now() + nanos(asked.ttlMs()));
        }
        return new Voucher(true, "");
    }

    private Optional<String> objection(VoucherRequest asked, HostId asker) {
        if (kept.vow().isEmpty()) {
            return Optional.of("it has not been told to vouch for anybody");
        }
        var vow = kept.vow().get();
        if (!vow.isFor(asked.instanceId(), asked.term(), asked.primary())) {
            return Optional.of("it vouches for %s in term %d".formatted(vow.primary(), vow.term()));
        }
        if (!vow.host().equals(asker)) {
            return Optional.of(
                    "%s is on %s, not on %s".formatted(vow.primary(), vow.host(), asker));
        }
        return kept.prepared()
                .map(ready -> "it is prepared to become primary in term " + ready.term());
    }

    /** From now on no voucher; answers for how long those that are out may still be used. */
    public synchronized Duration prepare(Prepare order) {
        endOverdue();
        if (kept.refused() >= order.term()) {
            throw new IllegalStateException("its time to prepare for this term is over");
        }
        var known = kept.prepared().filter(ready -> ready.term() >= order.term());
        if (known.filter(ready -> ready.term() > order.term()).isPresent()) {
            throw new IllegalStateException("it is prepared for a newer term");
        }
        var until = clock.now() + order.deadline().toNanos();
        // Told again, it waits for longer, never for less: somebody may be asked meanwhile.
        if (known.filter(ready -> ready.deadlineNs() >= until).isEmpty()) {
            write(
                    new Kept(
                            kept.vow(),
                            Optional.of(new Ready(order.term(), bootId, until)),
                            kept.refused()));
        }
        return vouchersOut();
    }

    /** For how long a voucher of ours may still be used. */
    public synchronized Duration vouchersOut() {
        return Duration.ofNanos(Math.max(0, vouchersOutUntil - clock.now()));
    }

    /** The term that it waits to be promoted to. */
    public synchronized Optional<Long> preparedFor() {
        endOverdue();
        return kept.prepared().map(Ready::term);
    }

    /** Why it must not be promoted to that term; empty when it may. */
    public synchronized Optional<String> objectionToPromotion(long term) {
        endOverdue();
        return kept.refused() >= term
                ? Optional.of("its time to be promoted in term " + term + " is over")
                : Optional.empty();
    }

    /**
     * It becomes the primary of that term, or the answer says why not. Whoever vouches again after
     * its time is over is never promoted, and whoever is promoted does not vouch again.
     */
    public synchronized Optional<String> promote(long term) {
        var objection = objectionToPromotion(term);
        if (objection.isEmpty() && (kept.vow().isPresent() || kept.prepared().isPresent())) {
            write(new Kept(Optional.empty(), Optional.empty(), kept.refused()));
        }
        return objection;
    }

    /** A prepare has a deadline; a clock that has started anew has passed it. */
    private void endOverdue() {
        kept.prepared()
                .filter(
                        ready ->
                                !ready.bootId().equals(bootId) || clock.now() >= ready.deadlineNs())
                .ifPresent(
                        ready ->
                                write(
                                        new Kept(
                                                kept.vow(),
                                                Optional.empty(),
                                                Math.max(kept.refused(), ready.term()))));
    }

    private void write(Kept next) {
        Durable.write(file, JSON.writeValueAsString(next));
        kept = next;
    }
}
