package dev.toygres.agent.member;

import dev.toygres.agent.files.Durable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Slots that were to be dropped while Postgres was not up (S10): whoever orders that need not wait
 * for a primary that is dead, and least of all a failover that is to replace it. They go as soon as
 * Postgres is back.
 */
final class UnwantedSlots {
    private static final Logger LOG = LoggerFactory.getLogger(UnwantedSlots.class);

    private final Member member;

    UnwantedSlots(Member member) {
        this.member = member;
    }

    void note(String slot) {
        Durable.directory(member.home.unwantedSlots(), "rwx------");
        Durable.write(member.home.unwantedSlots().resolve(slot), "");
        LOG.info("slot {} of {} goes when its Postgres is back", slot, member.id);
    }

    /** Somebody wants it after all. */
    void forget(String slot) {
        Durable.delete(member.home.unwantedSlots().resolve(slot));
    }

    /** One turn of the supervisor; whoever is at work on the member goes first. */
    void look() {
        if (!Files.exists(member.home.unwantedSlots())
                || !member.postgres().isReady()
                || !member.lock.tryLock()) {
            return;
        }
        try {
            for (var slot : names()) {
                Slots.drop(member, slot);
                forget(slot);
            }
            Durable.delete(member.home.unwantedSlots());
        } catch (OrderFailed notNow) {
            LOG.debug("unwanted slots of {}: {}", member.id, notNow.getMessage());
        } finally {
            member.lock.unlock();
        }
    }

    private List<String> names() {
        try (var files = Files.list(member.home.unwantedSlots())) {
            return files.map(file -> file.getFileName().toString()).toList();
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }
}
