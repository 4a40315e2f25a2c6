package dev.toygres.orchestrations.backup;

import dev.toygres.model.Refused;
import dev.toygres.model.Refused.FieldFault;
import dev.toygres.model.backup.Compression;
import dev.toygres.model.backup.Cron;
import dev.toygres.model.backup.RetentionPolicy;
import dev.toygres.model.backup.Storage;
import dev.toygres.orchestrations.backup.ScheduleWish.StorageWish;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Checks a wish for backups whole: every fault at once, before anything is touched. */
final class ScheduleCheck {
    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
    private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*");
    private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9_.@+-]+)+");
    private static final Pattern ENDPOINT = Pattern.compile("(https://)?[A-Za-z0-9.-]+(:[0-9]+)?");

    private final List<FieldFault> faults = new ArrayList<>();

    private ScheduleCheck() {}

    /**
     * What the wish comes to.
     *
     * @param secretFault what is wrong with the name of a secret
     * @throws Refused with every fault
     */
    static Wanted checked(
            String instanceId, ScheduleWish wish, Function<String, Optional<String>> secretFault) {
        return new ScheduleCheck().check(instanceId, wish, secretFault);
    }

    private Wanted check(
            String instanceId, ScheduleWish wish, Function<String, Optional<String>> secretFault) {
        ZoneId zone = zone(wish.timeZone().orElse("UTC"));
        cron("fullBackupCron", wish.fullCron(), zone);
        wish.incrementalCron().ifPresent(text -> cron("incrementalBackupCron", text, zone));
        Optional<Storage> storage = storage(instanceId, wish.storage());
        RetentionPolicy usual = RetentionPolicy.USUAL;
        RetentionPolicy retention =
                new RetentionPolicy(
                        count("dailyRetentionDays", wish.dailyDays(), usual.dailyRetentionDays()),
                        count(
                                "weeklyRetentionWeeks",
                                wish.weeklyWeeks(),
                                usual.weeklyRetentionWeeks()),
                        count(
                                "monthlyRetentionMonths",
                                wish.monthlyMonths(),
                                usual.monthlyRetentionMonths()));
        Compression compression = compression(wish.compression());
        storage.flatMap(Storage::secretRef)
                .flatMap(secretFault)
                .ifPresent(fault -> fault(secretField(storage.orElseThrow()), fault));
        wish.encryptionRef()
                .flatMap(secretFault)
                .ifPresent(fault -> fault("config.encryption.keyRef", fault));
        if (!faults.isEmpty()) {
            throw Refused.fields(faults);
        }
        return new Wanted(
                instanceId,
                wish.fullCron().strip(),
                wish.incrementalCron().map(String::strip),
                zone.getId(),
                Wanted.shown(storage.orElseThrow()),
                retention,
                wish.encryptionRef(),
                compression);
    }

    private static String secretField(Storage storage) {
        return "config.storage."
                + (storage instanceof Storage.S3 ? "credentialsRef" : "connectionStringRef");
    }

    private ZoneId zone(String name) {
        try {
            return ZoneId.of(name);
        } catch (DateTimeException unknown) {
            fault("timeZone", name + " is no time zone; such as UTC or Europe/Berlin");
            return ZoneOffset.UTC;
        }
    }

    private void cron(String field, String text, ZoneId zone) {
        try {
            Cron.parse(text, zone);
        } catch (IllegalArgumentException wrong) {
            fault(field, String.valueOf(wrong.getMessage()));
        }
    }

    private Optional<Storage> storage(String instanceId, StorageWish wish) {
        int before = faults.size();
        Storage storage =
                switch (wish.kind()) {
                    case "Local" -> new Storage.Local(needed("path", wish.path(), PATH));
                    case "S3" ->
                            new Storage.S3(
                                    needed("bucket", wish.bucket(), BUCKET),
                                    needed("region", wish.region(), PREFIX),
                                    wish.endpoint()
                                            .map(text -> fitting("endpoint", text, ENDPOINT)),
                                    prefix(instanceId, wish),
                                    needed("credentialsRef", wish.credentialsRef(), PREFIX),
                                    authority(wish));
                    case "AzureBlob" ->
                            new Storage.AzureBlob(
                                    needed("container", wish.container(), BUCKET),
                                    prefix(instanceId, wish),
                                    needed(
                                            "connectionStringRef",
                                            wish.connectionStringRef(),
                                            PREFIX),
                                    authority(wish));
                    case String _ -> {
                        fault("config.storage.kind", "must be Local, S3 or AzureBlob");
                        yield new Storage.Local("");
                    }
                };
        if (storage instanceof Storage.Local(String path) && path.contains("/.")) {
            fault("config.storage.path", "must not have parts that begin with a dot");
        }
        return faults.size() == before ? Optional.of(storage) : Optional.empty();
    }

    /** P52: instances may share a bucket, but not a place in it. */
    private String prefix(String instanceId, StorageWish wish) {
        return fitting("prefix", wish.prefix().orElse(instanceId), PREFIX);
    }

    private Optional<String> authority(StorageWish wish) {
        wish.caCertificate()
                .filter(pem -> !pem.strip().startsWith("-----BEGIN CERTIFICATE-----"))
                .ifPresent(_ -> fault("config.storage.caCertificate", "must be a PEM certificate"));
        return wish.caCertificate();
    }

    private String needed(String field, Optional<String> value, Pattern rule) {
        if (value.isEmpty()) {
            fault("config.storage." + field, "is missing");
        }
        return value.map(text -> fitting(field, text, rule)).orElse("");
    }

    private String fitting(String field, String value, Pattern rule) {
        if (!rule.matcher(value).matches()) {
            fault("config.storage." + field, "must look like " + rule.pattern());
        }
        return value;
    }

    private int count(String field, Optional<Integer> wished, int usual) {
        int count = wished.orElse(usual);
        if (count < 0 || count > 1000) {
            fault("config.retention." + field, "must be from 0 to 1000");
        }
        return count;
    }

    private Compression compression(Optional<String> wished) {
        String name = wished.orElse(Compression.Balanced.name());
        return Arrays.stream(Compression.values())
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseGet(
                        () -> {
                            fault(
                                    "config.compression",
                                    "must be one of " + Arrays.toString(Compression.values()));
                            return Compression.Balanced;
                        });
    }

    private void fault(String field, String message) {
        faults.add(new FieldFault(field, message));
    }
}
