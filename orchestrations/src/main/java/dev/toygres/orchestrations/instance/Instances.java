package dev.toygres.orchestrations.instance;

import dev.toygres.model.Refused;
import java.util.List;
import java.util.Optional;

/**
 * The desk for instances: checks a wish whole, records it with its operation in one transaction,
 * and answers the id of the operation. Nothing is done here; the flows do it.
 *
 * <p>Every method throws {@link Refused} with all that is wrong: unknown ids (not found), bad
 * fields (mistake), a state or a running operation that does not fit (conflict).
 */
public interface Instances {

    /** Answers the operation id. A name is in use until the last resource behind it is gone. */
    String create(NewInstance wish);

    String stop(String id);

    String start(String id);

    String restart(String id);

    /**
     * Nobody writes to it from then on: its primary is stopped and marked, and nothing starts it,
     * neither a start nor a failover, until it is unfenced. Its replicas go on serving readers.
     */
    String fence(String id);

    /** Serves again after it was fenced. */
    String unfence(String id);

    /**
     * Also while it is being created (that operation is cancelled first), and when it failed.
     *
     * @param keepBackups until their retention ends; else they go with it
     */
    String delete(String id, boolean keepBackups);

    /**
     * Changes what may be changed while it runs.
     *
     * @param revision what the caller has read; empty: whatever is there
     */
    InstanceView update(String id, Change change, Optional<Long> revision);

    /**
     * What shall be otherwise.
     *
     * @param durability strict or preferred; the watch over the hosts brings it into force
     * @param isolationPolicy Fence or Serve; brought into force likewise
     * @param readOnlyFallback whether the primary serves the read-only address when no replica
     *     does; brought into force likewise
     */
    record Change(
            Optional<Boolean> deletionProtection,
            Optional<String> durability,
            Optional<String> isolationPolicy,
            Optional<Boolean> readOnlyFallback) {
        public boolean isNothing() {
            return deletionProtection.isEmpty()
                    && durability.isEmpty()
                    && isolationPolicy.isEmpty()
                    && readOnlyFallback.isEmpty();
        }

        public static Change ofDurability(String durability) {
            return new Change(
                    Optional.empty(), Optional.of(durability), Optional.empty(), Optional.empty());
        }

        public static Change ofIsolationPolicy(String policy) {
            return new Change(
                    Optional.empty(), Optional.empty(), Optional.of(policy), Optional.empty());
        }
    }

    InstanceView get(String id);

    /** In the order of their ids. */
    List<InstanceView> list(int limit, Optional<String> after);

    Login login(String id);
}
