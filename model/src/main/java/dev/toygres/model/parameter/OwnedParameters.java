package dev.toygres.model.parameter;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Parameters that are toygres's own to set, each with the reason (D13, P55). */
public final class OwnedParameters {
    private static final String ADDRESS = "the address of a member is chosen by its agent";
    private static final String FILES = "the agent keeps this file";
    private static final String REPLICATION = "replication and failover set it";
    private static final String RECOVERY = "restores set it";
    private static final String ARCHIVE = "backups set it";
    private static final String LOG = "the agent reads and rotates the log";
    private static final String SAFETY = "without it committed rows may be lost or damaged";
    private static final String RESCUE =
            "it hides damage, for every session; set it in one session";
    private static final String LOGIN = "it delays every login, those that watch the server too";
    private static final String SESSION = "it belongs to one transaction or session";

    private static final Map<String, String> NAMES =
            Map.ofEntries(
                    Map.entry("listen_addresses", ADDRESS),
                    Map.entry("port", ADDRESS),
                    Map.entry("unix_socket_directories", ADDRESS),
                    Map.entry("unix_socket_group", ADDRESS),
                    Map.entry("unix_socket_permissions", ADDRESS),
                    Map.entry("bonjour", ADDRESS),
                    Map.entry("bonjour_name", ADDRESS),
                    Map.entry("data_directory", FILES),
                    Map.entry("config_file", FILES),
                    Map.entry("hba_file", FILES),
                    Map.entry("ident_file", FILES),
                    Map.entry("external_pid_file", FILES),
                    Map.entry("ssl", "clients are promised TLS"),
                    Map.entry("password_encryption", "logins are SCRAM only"),
                    Map.entry("db_user_namespace", "logins are made by toygres"),
                    Map.entry("cluster_name", REPLICATION),
                    Map.entry("wal_level", REPLICATION),
                    Map.entry("wal_log_hints", "pg_rewind needs it"),
                    Map.entry("hot_standby", "replicas serve reads and are watched by queries"),
                    Map.entry("synchronous_standby_names", "the replicas' modes decide it"),
                    Map.entry("promote_trigger_file", REPLICATION),
                    Map.entry("restore_command", RECOVERY),
                    Map.entry("archive_cleanup_command", RECOVERY),
                    Map.entry("recovery_end_command", RECOVERY),
                    Map.entry("logging_collector", LOG),
                    Map.entry("log_destination", LOG),
                    Map.entry("event_source", LOG),
                    Map.entry("syslog_facility", LOG),
                    Map.entry("syslog_ident", LOG),
                    Map.entry("pre_auth_delay", LOGIN),
                    Map.entry("post_auth_delay", LOGIN),
                    Map.entry("restart_after_crash", "the guard and the agent bring it back"),
                    Map.entry("fsync", SAFETY),
                    Map.entry("full_page_writes", SAFETY),
                    Map.entry("data_sync_retry", SAFETY),
                    Map.entry("allow_system_table_mods", RESCUE),
                    Map.entry("ignore_checksum_failure", RESCUE),
                    Map.entry("ignore_invalid_pages", RESCUE),
                    Map.entry("ignore_system_indexes", RESCUE),
                    Map.entry("zero_damaged_pages", RESCUE),
                    Map.entry("transaction_isolation", SESSION),
                    Map.entry("transaction_read_only", SESSION),
                    Map.entry("transaction_deferrable", SESSION));

    private static final List<Map.Entry<String, String>> PREFIXES =
            List.of(
                    Map.entry("primary_", REPLICATION),
                    Map.entry("recovery_target", RECOVERY),
                    Map.entry("archive_", ARCHIVE),
                    Map.entry("ssl_", "toygres issues the certificates"),
                    Map.entry("krb_", "logins are SCRAM only"));

    /** Begins like an owned one, and is the user's to choose. */
    private static final List<String> FREE =
            List.of("ssl_min_protocol_version", "ssl_max_protocol_version", "ssl_ciphers");

    private OwnedParameters() {}

    /** Why a user may not set it; empty when he may. */
    public static Optional<String> reason(String name) {
        if (FREE.contains(name)) {
            return Optional.empty();
        }
        return Optional.ofNullable(NAMES.get(name))
                .or(
                        () ->
                                PREFIXES.stream()
                                        .filter(one -> name.startsWith(one.getKey()))
                                        .map(Map.Entry::getValue)
                                        .findFirst());
    }
}
