package dev.toygres.model.parameter;

import dev.toygres.model.Size;
import dev.toygres.model.SizeSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The settings of one member: by its size, then the profile, then what was set. The five that a
 * standby must have at least as high as its primary are those of the instance, on every member, so
 * that a failover changes none of them.
 */
public final class MemberSettings {
    /** <a href="https://www.postgresql.org/docs/15/hot-standby.html">Hot standby</a>. */
    public static final List<String> HOT_STANDBY =
            List.of(
                    "max_connections",
                    "max_prepared_transactions",
                    "max_locks_per_transaction",
                    "max_wal_senders",
                    "max_worker_processes");

    /** Theirs where nobody sets them; the same in every major since 10. */
    private static final Map<String, Integer> HOT_STANDBY_DEFAULTS =
            Map.of(
                    "max_connections", 100,
                    "max_prepared_transactions", 0,
                    "max_locks_per_transaction", 64,
                    "max_wal_senders", 10,
                    "max_worker_processes", 8);

    private MemberSettings() {}

    public static Map<String, String> of(Size instance, Size member, ParameterSet set) {
        Map<String, String> settings = new LinkedHashMap<>(unset(member, set));
        Map<String, String> shared = unset(instance, set);
        for (String name : HOT_STANDBY) {
            settings.remove(name);
            if (shared.containsKey(name)) {
                settings.put(name, shared.getOrDefault(name, ""));
            }
        }
        settings.putAll(set.values());
        return settings;
    }

    /**
     * What a standby has that must suit a primary with either of them: the latter, but with the
     * higher of both of what it must not have less of.
     */
    public static Map<String, String> suitingBoth(
            Map<String, String> one, Map<String, String> other) {
        Map<String, String> settings = new LinkedHashMap<>(other);
        for (String name : HOT_STANDBY) {
            if (hotStandby(one, name) > hotStandby(other, name)) {
                settings.put(name, String.valueOf(hotStandby(one, name)));
            }
        }
        return settings;
    }

    /** The value of one of the five, which are whole numbers without a unit. */
    public static int hotStandby(Map<String, String> settings, String name) {
        return Optional.ofNullable(settings.get(name))
                .flatMap(text -> Numbers.read(text, true))
                .map(written -> (int) written.number())
                .orElse(HOT_STANDBY_DEFAULTS.getOrDefault(name, 0));
    }

    /** What a reset of everything would leave. */
    private static Map<String, String> unset(Size size, ParameterSet set) {
        Map<String, String> settings = new LinkedHashMap<>(SizeSettings.of(size));
        set.profile().ifPresent(choice -> settings.putAll(Profiles.settings(choice, size)));
        return settings;
    }

    /** What a value falls back to when nobody sets it; nothing: the definition's default. */
    public static Map<String, String> defaults(Size instance, Size member, ParameterSet set) {
        return of(instance, member, new ParameterSet(set.profile(), Map.of()));
    }
}
