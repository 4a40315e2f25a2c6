package dev.toygres.store.backup;

import dev.toygres.model.Lsn;
import dev.toygres.model.backup.Archive.WalRange;
import dev.toygres.model.backup.Archive.WalSample;
import dev.toygres.model.backup.Compression;
import dev.toygres.model.backup.RetentionPolicy;
import dev.toygres.model.backup.Storage;
import dev.toygres.model.backup.Timelines;
import dev.toygres.model.parameter.ParameterSet;
import dev.toygres.store.InstanceStore;
import dev.toygres.store.ParameterStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Repositories, and what the last look into each store found. */
public final class RepositoryStore {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private RepositoryStore() {}

    private record Part(int timeline, String from, String to) {}

    /**
     * A new one, or the settings of one that is there. Answers false when its place is taken, or
     * lies within another's or around it.
     */
    public static boolean put(Handle handle, RepositoryRow row) {
        String place = row.storage().place();
        boolean taken =
                handle.createQuery(
                                """
                                select exists (select from catalogue.repository
                                    where id <> :id and (starts_with(place, :place)
                                        or starts_with(:place, place)))
                                """)
                        .bind("id", row.id())
                        .bind("place", place)
                        .mapTo(Boolean.class)
                        .one();
        if (taken) {
            return false;
        }
        Update update =
                handle.createUpdate(
                        """
                        insert into catalogue.repository (id, instance_id, storage_kind,
                            storage_root, storage_prefix, storage_region, storage_endpoint,
                            storage_secret, storage_authority, place, encryption_secret,
                            compression, daily_days, weekly_weeks, monthly_months, time_zone,
                            postgres_major, system_identifier, owner, database, former)
                        values (:id, :instanceId, :kind, :root, :prefix, :region, :endpoint,
                            :secret, :authority, :place, :encryption, :compression, :days, :weeks,
                            :months, :zone, :major, :systemIdentifier, :owner, :database, :former)
                        on conflict (id) do update
                        set storage_region = :region, storage_endpoint = :endpoint,
                            storage_secret = :secret, storage_authority = :authority,
                            compression = :compression,
                            daily_days = :days, weekly_weeks = :weeks, monthly_months = :months,
                            time_zone = :zone
                        """);
        bindStorage(update, row.storage());
        update.bind("id", row.id())
                .bind("instanceId", row.instanceId())
                .bind("place", place)
                .bind("encryption", row.encryptionRef().orElse(null))
                .bind("compression", row.compression().name())
                .bind("days", row.retention().dailyRetentionDays())
                .bind("weeks", row.retention().weeklyRetentionWeeks())
                .bind("months", row.retention().monthlyRetentionMonths())
                .bind("zone", row.timeZone().getId())
                .bind("major", row.postgresMajor())
                .bind("systemIdentifier", row.systemIdentifier())
                .bind("owner", row.owner())
                .bind("database", row.database())
                .bind("former", row.former().isPresent())
                .execute();
        return true;
    }

    private static void bindStorage(Update update, Storage storage) {
        switch (storage) {
            case Storage.Local(String path) ->
                    storage(update, "Local", path, "", null, null, null, null);
            case Storage.S3(var bucket, var region, var endpoint, var prefix, var ref, var ca) ->
                    storage(
                            update,
                            "S3",
                            bucket,
                            prefix,
                            region,
                            endpoint.orElse(null),
                            ref,
                            ca.orElse(null));
            case Storage.AzureBlob(var container, var prefix, var ref, var ca) ->
                    storage(
                            update,
                            "AzureBlob",
                            container,
                            prefix,
                            null,
                            null,
                            ref,
                            ca.orElse(null));
        }
    }

    private static void storage(
            Update update,
            String kind,
            String root,
            String prefix,
            @Nullable String region,
            @Nullable String endpoint,
            @Nullable String secret,
            @Nullable String authority) {
        update.bind("kind", kind)
                .bind("root", root)
                .bind("prefix", prefix)
                .bind("region", region)
                .bind("endpoint", endpoint)
                .bind("secret", secret)
                .bind("authority", authority);
    }

    /** From now on the instance archives there and nowhere else: what is there is its own. */
    public static void attach(Handle handle, String instanceId, String id) {
        detach(handle, instanceId);
        handle.createUpdate(
                        """
                        update catalogue.repository
                        set attached = true, former = false, deleted_at = null where id = :id
                        """)
                .bind("id", id)
                .execute();
    }

    /** What is there is of a former instance from now on, whoever gets its name. */
    public static void bereave(Handle handle, String instanceId, Instant at) {
        handle.createUpdate(
                        """
                        update catalogue.repository set former = true, deleted_at = :at
                        where instance_id = :id and not former
                        """)
                .bind("id", instanceId)
                .bind("at", at)
                .execute();
    }

    /** What is agreed on now stays with it: what is restored from there later has it again. */
    public static void detach(Handle handle, String instanceId) {
        handle.createUpdate(
                        """
                        update catalogue.repository set attached = false,
                            parameters = coalesce((select agreed from catalogue.parameter_set
                                where instance_id = :id), parameters)
                        where instance_id = :id and attached
                        """)
                .bind("id", instanceId)
                .execute();
    }

    /** What whose backups these are has agreed on, or had, where it archives there no more. */
    public static ParameterSet agreed(Handle handle, RepositoryRow row) {
        return row.attached()
                ? ParameterStore.agreed(handle, row.instanceId()).set()
                : parameters(handle, row.id());
    }

    private static ParameterSet parameters(Handle handle, String id) {
        return handle.createQuery("select parameters from catalogue.repository where id = :id")
                .bind("id", id)
                .mapTo(String.class)
                .findOne()
                .map(ParameterStore::fromJson)
                .orElse(ParameterSet.NONE);
    }

    public static Optional<RepositoryRow> find(Handle handle, String id) {
        return handle.createQuery("select * from catalogue.repository where id = :id")
                .bind("id", id)
                .map((row, context) -> from(row))
                .findOne();
    }

    public static Optional<RepositoryRow> attached(Handle handle, String instanceId) {
        return handle.createQuery(
                        "select * from catalogue.repository where instance_id = :id and attached")
                .bind("id", instanceId)
                .map((row, context) -> from(row))
                .findOne();
    }

    /** Of an instance, then of those that had its name before; the newest first. */
    public static List<RepositoryRow> of(Handle handle, String instanceId) {
        return handle.createQuery(
                        """
                        select * from catalogue.repository where instance_id = :id
                        order by former, attached desc, created_at desc
                        """)
                .bind("id", instanceId)
                .map((row, context) -> from(row))
                .list();
    }

    /** That of the instance; or the newest of the one that had the name last, where it is gone. */
    public static Optional<RepositoryRow> current(Handle handle, String instanceId) {
        boolean there = InstanceStore.find(handle, instanceId).isPresent();
        return of(handle, instanceId).stream()
                .findFirst()
                .filter(row -> row.former().isEmpty() || !there);
    }

    public static List<RepositoryRow> all(Handle handle) {
        return handle.createQuery("select * from catalogue.repository order by id")
                .map((row, context) -> from(row))
                .list();
    }

    /**
     * Whose backups are encrypted with that secret as it is: it was begun with it, or looked into,
     * since the secret has its value.
     */
    public static List<RepositoryRow> sealedWith(Handle handle, String secret, Instant since) {
        return handle.createQuery(
                        """
                        select * from catalogue.repository
                        where encryption_secret = :secret
                            and greatest(created_at, looked_at) >= :since
                        order by id
                        """)
                .bind("secret", secret)
                .bind("since", since)
                .map((row, context) -> from(row))
                .list();
    }

    /** Held until the transaction ends. */
    public static void lock(Handle handle, String id) {
        handle.execute("select from catalogue.repository where id = ? for update", id);
    }

    /** What a look into the store found. */
    public static void found(
            Handle handle, String id, int timeline, Timelines timelines, List<WalRange> wal) {
        Map<Integer, List<Part>> histories = new TreeMap<>();
        timelines
                .histories()
                .forEach(
                        (to, way) ->
                                histories.put(
                                        to,
                                        way.stream()
                                                .map(
                                                        one ->
                                                                new Part(
                                                                        one.timeline(),
                                                                        "",
                                                                        one.leftAt().toString()))
                                                .toList()));
        handle.createUpdate(
                        """
                        update catalogue.repository
                        set timeline = :timeline, histories = :histories::jsonb, wal = :wal::jsonb,
                            looked_at = now()
                        where id = :id
                        """)
                .bind("id", id)
                .bind("timeline", timeline)
                .bind("histories", JSON.writeValueAsString(histories))
                .bind("wal", json(wal))
                .execute();
    }

    /** WAL has come in since the last look. */
    public static void grown(Handle handle, String id, List<WalRange> wal) {
        handle.createUpdate("update catalogue.repository set wal = :wal::jsonb where id = :id")
                .bind("id", id)
                .bind("wal", json(wal))
                .execute();
    }

    /** The secrets are given to the hosts as they are now. */
    public static void secretsGiven(Handle handle, String id) {
        handle.createUpdate("update catalogue.repository set secrets_at = now() where id = :id")
                .bind("id", id)
                .execute();
    }

    /** When they were. */
    public static Instant secretsGivenAt(Handle handle, String id) {
        return handle.createQuery("select secrets_at from catalogue.repository where id = :id")
                .bind("id", id)
                .mapTo(Instant.class)
                .one();
    }

    /** Segments that are there and not sound. */
    public static void badWal(Handle handle, String id, List<String> segments) {
        handle.createUpdate("update catalogue.repository set bad_wal = :bad where id = :id")
                .bind("id", id)
                .bindArray("bad", String.class, segments)
                .execute();
    }

    private static String json(List<WalRange> wal) {
        return JSON.writeValueAsString(
                wal.stream()
                        .map(
                                one ->
                                        new Part(
                                                one.timeline(),
                                                one.from().toString(),
                                                one.to().toString()))
                        .toList());
    }

    public static void walFrom(Handle handle, String id, Optional<String> backupId) {
        handle.createUpdate("update catalogue.repository set wal_from = :backup where id = :id")
                .bind("id", id)
                .bind("backup", backupId.orElse(null))
                .execute();
    }

    /** What its backups say of the cluster. */
    public static void identify(
            Handle handle,
            String id,
            String systemIdentifier,
            int postgresMajor,
            String owner,
            String database,
            ParameterSet parameters) {
        handle.createUpdate(
                        """
                        update catalogue.repository
                        set system_identifier = :system, postgres_major = :major, owner = :owner,
                            database = :database, parameters = :parameters::jsonb
                        where id = :id
                        """)
                .bind("id", id)
                .bind("system", systemIdentifier)
                .bind("major", postgresMajor)
                .bind("owner", owner)
                .bind("database", database)
                .bind("parameters", ParameterStore.json(parameters))
                .execute();
    }

    public static void remove(Handle handle, String id) {
        handle.execute("delete from catalogue.backup where repository_id = ?", id);
        handle.execute("delete from catalogue.repository where id = ?", id);
    }

    // ---- which position belongs to which time ----

    public static void sample(Handle handle, String id, WalSample sample) {
        handle.createUpdate(
                        """
                        insert into catalogue.wal_sample (repository_id, timeline, position, at)
                        values (:id, :timeline, :position, :at) on conflict do nothing
                        """)
                .bind("id", id)
                .bind("timeline", sample.timeline())
                .bind("position", sample.position().toString())
                .bind("at", sample.at())
                .execute();
    }

    public static List<WalSample> samples(Handle handle, String id) {
        return handle.createQuery(
                        "select * from catalogue.wal_sample where repository_id = :id order by at")
                .bind("id", id)
                .map(
                        (row, context) ->
                                new WalSample(
                                        row.getInt("timeline"),
                                        Lsn.parse(row.getString("position")),
                                        row.getTimestamp("at").toInstant()))
                .list();
    }

    public static void forgetSamples(Handle handle, String id, Instant before) {
        handle.createUpdate(
                        "delete from catalogue.wal_sample where repository_id = :id and at < :before")
                .bind("id", id)
                .bind("before", before)
                .execute();
    }

    private static RepositoryRow from(ResultSet row) throws SQLException {
        return new RepositoryRow(
                row.getString("id"),
                row.getString("instance_id"),
                row.getBoolean("attached"),
                storage(row),
                Optional.ofNullable(row.getString("encryption_secret")),
                Compression.valueOf(row.getString("compression")),
                new RetentionPolicy(
                        row.getInt("daily_days"),
                        row.getInt("weekly_weeks"),
                        row.getInt("monthly_months")),
                ZoneId.of(row.getString("time_zone")),
                row.getInt("postgres_major"),
                row.getString("system_identifier"),
                row.getString("owner"),
                row.getString("database"),
                row.getInt("timeline"),
                timelines(row.getString("histories")),
                wal(row.getString("wal")),
                List.of((String[]) row.getArray("bad_wal").getArray()),
                Optional.ofNullable(row.getTimestamp("looked_at")).map(Timestamp::toInstant),
                Optional.ofNullable(row.getString("wal_from")),
                Former.from(row));
    }

    private static Storage storage(ResultSet row) throws SQLException {
        String root = row.getString("storage_root");
        String prefix = row.getString("storage_prefix");
        return switch (row.getString("storage_kind")) {
            case "Local" -> new Storage.Local(root);
            case "S3" ->
                    new Storage.S3(
                            root,
                            row.getString("storage_region"),
                            Optional.ofNullable(row.getString("storage_endpoint")),
                            prefix,
                            row.getString("storage_secret"),
                            Optional.ofNullable(row.getString("storage_authority")));
            case "AzureBlob" ->
                    new Storage.AzureBlob(
                            root,
                            prefix,
                            row.getString("storage_secret"),
                            Optional.ofNullable(row.getString("storage_authority")));
            case String other -> throw new IllegalStateException("no storage: " + other);
        };
    }

    private static Timelines timelines(String json) {
        Map<Integer, List<Part>> kept = JSON.readValue(json, new TypeReference<>() {});
        return new Timelines(
                kept.entrySet().stream()
                        .collect(
                                Collectors.toMap(
                                        Map.Entry::getKey,
                                        entry ->
                                                entry.getValue().stream()
                                                        .map(
                                                                one ->
                                                                        new Timelines.Switch(
                                                                                one.timeline(),
                                                                                Lsn.parse(
                                                                                        one.to())))
                                                        .toList())));
    }

    private static List<WalRange> wal(String json) {
        List<Part> kept = JSON.readValue(json, new TypeReference<>() {});
        return kept.stream()
                .map(
                        one ->
                                new WalRange(
                                        one.timeline(), Lsn.parse(one.from()), Lsn.parse(one.to())))
                .toList();
    }
}
