package dev.toygres.agent.member;

import dev.toygres.model.parameter.HouseDefaults;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The settings file and the access rules of a member: the agent writes both, whole, each start. */
final class Settings {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.]*");

    private Settings() {}

    /**
     * The file conf/toygres.conf.
     *
     * @param more what the agent sets besides: archive, recovery
     */
    static String file(
            Memory memory, MemberHome home, String bindAddress, Map<String, String> more) {
        var owned = owned(memory, home, bindAddress);
        owned.putAll(more);
        check(memory.settings(), owned.keySet());
        var all = new LinkedHashMap<>(HouseDefaults.values());
        all.putAll(memory.settings());
        all.putAll(owned);
        return all.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> entry.getKey() + " = " + quoted(entry.getValue()))
                .collect(
                        Collectors.joining(
                                "\n", "# Written by the toygres agent at every start.\n", "\n"));
    }

    /** Also what an ALTER SYSTEM in restored data must not override. */
    static Map<String, String> owned(Memory memory, MemberHome home, String bindAddress) {
        var all = new LinkedHashMap<>(fixed(memory, home, bindAddress));
        memory.upstream().ifPresent(from -> all.putAll(standby(memory, home, from)));
        return all;
    }

    private static Map<String, String> standby(Memory memory, MemberHome home, Following from) {
        var name = "application_name=" + Following.quoted(memory.memberId().value());
        var upstream = Files.exists(home.parted()) ? "" : from.connection(home, name);
        return Map.of("primary_conninfo", upstream, "primary_slot_name", from.slot());
    }

    private static Map<String, String> fixed(Memory memory, MemberHome home, String bindAddress) {
        return Map.ofEntries(
                Map.entry("listen_addresses", bindAddress),
                Map.entry("port", String.valueOf(memory.port())),
                Map.entry("unix_socket_directories", ""),
                Map.entry("hba_file", home.access().toString()),
                Map.entry("ident_file", home.names().toString()),
                Map.entry("ssl_ca_file", home.accessAuthority().toString()),
                Map.entry("ssl", "on"),
                Map.entry("ssl_cert_file", home.certificate().toString()),
                Map.entry("ssl_key_file", home.key().toString()),
                Map.entry("password_encryption", "scram-sha-256"),
                Map.entry("wal_log_hints", "on"),
                Map.entry("wal_level", "replica"),
                Map.entry("hot_standby", "on"),
                Map.entry("logging_collector", "off"),
                Map.entry("log_destination", "stderr"),
                Map.entry("recovery_target_timeline", "latest"),
                Map.entry("synchronous_standby_names", memory.sync().text()),
                Map.entry("cluster_name", memory.memberId().value()));
    }

    private static void check(Map<String, String> given, Set<String> owned) {
        given.forEach(
                (name, value) -> {
                    if (!NAME.matcher(name).matches()) {
                        throw new OrderFailed("not the name of a Postgres setting: " + name);
                    }
                    if (owned.contains(name.toLowerCase(Locale.ROOT))) {
                        throw new OrderFailed("the agent itself sets " + name);
                    }
                    if (value.chars().anyMatch(Character::isISOControl)) {
                        throw new OrderFailed("control characters in the value of " + name);
                    }
                });
    }

    static String quoted(String value) {
        return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'";
    }

    /**
     * TLS for everybody. Superuser and monitor have no password: only the agent's own key is let
     * in, from its own address; through HAProxy others may have that address too, but not the key.
     */
    static String access(String bindAddress) {
        var agent = bindAddress + (bindAddress.contains(":") ? "/128" : "/32");
        return """
        # Written by the toygres agent at every start.
        hostssl all         postgres,toygres_monitor,toygres_restorer %1$s cert map=%2$s
        %3$s        hostssl all         postgres,toygres_monitor,toygres_restorer all  reject
        hostssl replication toygres_replicator       all  scram-sha-256
        hostssl postgres    toygres_replicator       all  scram-sha-256
        hostssl all         toygres_replicator       all  reject
        hostssl all         all                      all  scram-sha-256
        """
                .formatted(agent, AccessKey.HOLDER, programs(bindAddress));
    }

    /**
     * Programs have the agent's key, too (the backup engine, pg_dump, pg_restore), but cannot
     * choose the address that they come from: to another address of the loopback net that is the
     * first one.
     */
    private static String programs(String bindAddress) {
        return bindAddress.startsWith("127.") && !bindAddress.equals("127.0.0.1")
                ? "hostssl all postgres,toygres_restorer 127.0.0.1/32 cert map="
                        + AccessKey.HOLDER
                        + "\n"
                : "";
    }

    /** Which roles the holder of the agent's key may be: map, name in the certificate, role. */
    static String names() {
        return """
        # Written by the toygres agent at every start.
        %1$s %1$s %2$s
        %1$s %1$s %3$s
        %1$s %1$s %4$s
        """
                .formatted(AccessKey.HOLDER, Sql.SUPERUSER, Sql.MONITOR, Sql.RESTORER);
    }
}
