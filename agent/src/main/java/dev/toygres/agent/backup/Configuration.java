package dev.toygres.agent.backup;

import static dev.toygres.agent.backup.Serving.Side.CALLER;
import static dev.toygres.agent.backup.Serving.Side.SERVICE;

import dev.toygres.agent.member.OrderFailed;
import dev.toygres.agentapi.Address;
import dev.toygres.agentapi.BackupPeer;
import dev.toygres.agentapi.BackupStore;
import dev.toygres.agentapi.Repository;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The configuration files of pgBackRest: one per purpose and member, the local data always pg1. The
 * secrets of a store stand in them and nowhere else on this host.
 */
final class Configuration {
    /** The only stanza of a repository: it is one instance's. */
    static final String STANZA = "main";

    private static final Pattern PATH = Pattern.compile("[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*");

    /** Of one request to the store, and so of what a dead one costs. */
    private static final int IO_TIMEOUT_SECONDS = 20;

    private static final int PROCESSES =
            Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 4);

    private Configuration() {}

    /** What the engine reads and writes: encrypted by itself. */
    static String physical(Workplace place, Repository repository) {
        var all = general(place, repository, "/physical");
        repository
                .passphrase()
                .ifPresent(
                        pass -> {
                            all.put("repo1-cipher-type", "aes-256-cbc");
                            all.put("repo1-cipher-pass", pass);
                        });
        all.put("repo1-bundle", "y");
        // Retention is the server's: see ExpireBackups.
        all.put("repo1-retention-full", "9999999");
        all.put("repo1-retention-archive-type", "full");
        all.put("expire-auto", "n");
        all.put("start-fast", "y");
        // Never archive-push-queue-max: WAL beyond it is dropped and called archived.
        all.put("archive-async", "y");
        all.put("archive-timeout", "60");
        all.put("archive-get-queue-max", "1GiB");
        compression(repository, all);
        return text("global", all) + push(repository) + stanza(place);
    }

    private static void compression(Repository repository, Map<String, String> all) {
        switch (repository.compression()) {
            case None -> all.put("compress-type", "none");
            case Fast -> all.put("compress-type", "lz4");
            case Balanced -> {
                all.put("compress-type", "zst");
                all.put("compress-level", "3");
            }
            case Best -> {
                all.put("compress-type", "zst");
                all.put("compress-level", "9");
            }
        }
    }

    /** A primary at work has no time for more. */
    private static String push(Repository repository) {
        return switch (repository.compression()) {
            case None, Fast -> "";
            case Balanced, Best -> text("global:archive-push", Map.of("compress-level", "1"));
        };
    }

    /** A standby is copied, and its primary asked over its host's service. */
    static String standby(Workplace place, Repository repository, BackupPeer primary) {
        var all = new LinkedHashMap<String, String>();
        all.put("pg2-host", primary.service().host());
        all.put("pg2-host-type", "tls");
        all.put("pg2-host-port", String.valueOf(primary.service().port()));
        all.put("pg2-host-ca-file", CALLER.authority(place).toString());
        all.put("pg2-host-cert-file", CALLER.certificate(place).toString());
        all.put("pg2-host-key-file", CALLER.key(place).toString());
        all.put("pg2-host-config", primary.configuration());
        all.put("pg2-path", primary.dataDirectory());
        all.put("pg2-port", String.valueOf(primary.port()));
        all.put("pg2-user", "postgres");
        // Behind [main], which comes last.
        return physical(place, repository) + lines(all);
    }

    /** What the service of a primary knows: its own data, and whom it serves; no store. */
    static String service(Workplace place, Address address) {
        var all = new LinkedHashMap<String, String>();
        paths(place, all);
        var service = new LinkedHashMap<String, String>();
        service.put("tls-server-address", address.host());
        service.put("tls-server-port", String.valueOf(address.port()));
        service.put("tls-server-ca-file", SERVICE.authority(place).toString());
        service.put("tls-server-cert-file", SERVICE.certificate(place).toString());
        service.put("tls-server-key-file", SERVICE.key(place).toString());
        service.put("tls-server-auth", Serving.CALLER_NAME + "=" + STANZA);
        return text("global", all) + text("global:server", service) + stanza(place);
    }

    private static String stanza(Workplace place) {
        var all = new LinkedHashMap<String, String>();
        place.cluster()
                .ifPresent(
                        cluster -> {
                            all.put("pg1-path", cluster.data().toString());
                            all.put("pg1-port", String.valueOf(cluster.port()));
                            all.put("pg1-user", "postgres");
                        });
        return text(STANZA, all);
    }

    /** What we read and write ourselves, through the engine's way to the store. */
    static String objects(Workplace place, Repository repository) {
        return text("global", general(place, repository, ""));
    }

    private static Map<String, String> general(
            Workplace place, Repository repository, String below) {
        var all = new LinkedHashMap<String, String>();
        if (!PATH.matcher(repository.path()).matches() || repository.path().contains("..")) {
            throw new OrderFailed("not a path within a store: '" + repository.path() + "'");
        }
        store(place, repository.store(), repository.path() + below, all);
        all.put("io-timeout", String.valueOf(IO_TIMEOUT_SECONDS));
        paths(place, all);
        all.put("process-max", String.valueOf(PROCESSES));
        return all;
    }

    private static void paths(Workplace place, Map<String, String> all) {
        all.put("lock-path", place.lock().toString());
        all.put("log-path", place.log().toString());
        all.put("spool-path", place.spool().toString());
        all.put("log-level-file", "warn");
    }

    private static void store(
            Workplace place, BackupStore store, String path, Map<String, String> all) {
        switch (store) {
            case BackupStore.Local(var root) -> {
                if (!root.startsWith("/")) {
                    throw new OrderFailed("not an absolute path: '" + root + "'");
                }
                all.put("repo1-path", root.replaceFirst("/+$", "") + "/" + path);
            }
            case BackupStore.S3 s3 -> {
                all.put("repo1-path", "/" + path);
                s3(s3, all);
                s3.authorities().ifPresent(_ -> authorities(place, all));
            }
            case BackupStore.AzureBlob azure -> {
                all.put("repo1-path", "/" + path);
                all.putAll(AzureConnection.parse(azure).options());
                azure.authorities().ifPresent(_ -> authorities(place, all));
            }
        }
    }

    private static void authorities(Workplace place, Map<String, String> all) {
        all.put("repo1-storage-ca-file", place.authorities().toString());
    }

    private static void s3(BackupStore.S3 s3, Map<String, String> all) {
        all.put("repo1-type", "s3");
        all.put("repo1-s3-bucket", s3.bucket());
        all.put("repo1-s3-region", s3.region());
        var endpoint = s3.endpoint().orElse("s3." + s3.region() + ".amazonaws.com");
        if (endpoint.startsWith("http://")) {
            throw new OrderFailed("stores are spoken to over HTTPS only: " + endpoint);
        }
        var host = endpoint.replaceFirst("^https://", "").replaceFirst("/.*$", "");
        var colon = host.lastIndexOf(':');
        all.put("repo1-s3-endpoint", colon < 0 ? host : host.substring(0, colon));
        if (colon >= 0) {
            all.put("repo1-storage-port", host.substring(colon + 1));
        }
        all.put("repo1-s3-uri-style", s3.pathStyle() ? "path" : "host");
        all.put("repo1-s3-key", s3.accessKey());
        all.put("repo1-s3-key-secret", s3.secretKey());
        s3.sessionToken().ifPresent(token -> all.put("repo1-s3-token", token));
    }

    private static String text(String section, Map<String, String> all) {
        return "[" + section + "]\n" + lines(all);
    }

    private static String lines(Map<String, String> all) {
        return all.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + checked(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static String checked(String name, String value) {
        if (value.isEmpty()
                || !value.equals(value.strip())
                || value.chars().anyMatch(Character::isISOControl)) {
            throw new OrderFailed(
                    "the value of "
                            + name.replaceFirst("^repo1-", "")
                            + " is empty, begins or ends with a space, or has control characters");
        }
        return value;
    }
}
