package dev.toygres.model.backup;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Backups with what each needs: an Incremental is worth no more than all below it. */
public final class Chains {
    private final Map<String, Backup> byId;

    /** Of one repository. */
    public Chains(List<Backup> backups) {
        byId = backups.stream().collect(Collectors.toMap(Backup::id, Function.identity()));
    }

    /** Good itself, and all that it needs. */
    public boolean isGood(Backup one) {
        return one.isGood() && flawBelow(one).isEmpty();
    }

    /** Why it cannot be relied on, however sound its own files are; empty: it can. */
    public Optional<String> flawBelow(Backup one) {
        if (one.kind() != BackupKind.Incremental) {
            return Optional.empty();
        }
        if (one.basedOn().isEmpty()) {
            return Optional.of("what it is based on is not known");
        }
        String id = one.basedOn().get();
        Backup base = byId.get(id);
        if (base == null) {
            return Optional.of("it needs " + id + ", which is gone");
        }
        return base.isGood()
                ? flawBelow(base)
                : Optional.of("it needs %s, which is %s".formatted(id, base.state()));
    }
}
