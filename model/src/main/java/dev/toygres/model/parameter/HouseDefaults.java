package dev.toygres.model.parameter;

import java.util.Map;

/** What toygres gives every member instead of Postgres's own default; users may change it. */
public final class HouseDefaults {
    private static final Map<String, String> VALUES =
            Map.ofEntries(
                    Map.entry("max_wal_senders", "10"),
                    Map.entry("max_replication_slots", "10"),
                    Map.entry("max_slot_wal_keep_size", "4GB"),
                    Map.entry("wal_retrieve_retry_interval", "100ms"),
                    Map.entry("wal_sender_timeout", "10s"),
                    Map.entry("wal_receiver_timeout", "5s"),
                    Map.entry("wal_receiver_status_interval", "1s"),
                    Map.entry("log_line_prefix", "%m [%p] %q%u@%d %a "),
                    Map.entry("log_timezone", "UTC"),
                    Map.entry("ssl_min_protocol_version", "TLSv1.2"));

    private HouseDefaults() {}

    public static Map<String, String> values() {
        return VALUES;
    }
}
