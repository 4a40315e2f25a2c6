package dev.toygres.orchestrations.secret;

import dev.toygres.model.Name;
import dev.toygres.model.Refused;
import dev.toygres.model.Refused.FieldFault;
import dev.toygres.model.Secret;
import dev.toygres.store.Catalogue;
import dev.toygres.store.SecretStore;
import dev.toygres.store.backup.RepositoryRow;
import dev.toygres.store.backup.RepositoryStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** Secrets of users in the secret store, apart from those of instances. */
public final class SecretDesk implements Secrets {
    /** Room for a connection string or a PEM file. */
    private static final int LONGEST = 16 * 1024;

    private static final String PREFIX = "user/";

    private final Catalogue catalogue;
    private final SecretStore secrets;

    public SecretDesk(Catalogue catalogue, SecretStore secrets) {
        this.catalogue = catalogue;
        this.secrets = secrets;
    }

    @Override
    public Instant put(String name, Secret value) {
        List<FieldFault> faults = new ArrayList<>();
        Name.fault(name).ifPresent(fault -> faults.add(new FieldFault("name", fault)));
        if (value.reveal().isBlank()) {
            faults.add(new FieldFault("value", "must not be blank"));
        } else if (value.reveal().length() > LONGEST) {
            faults.add(new FieldFault("value", "must have at most " + LONGEST + " characters"));
        }
        if (!faults.isEmpty()) {
            throw Refused.fields(faults);
        }
        return catalogue
                .jdbi()
                .inTransaction(
                        handle -> {
                            if (!isSealing(handle, name, value)) {
                                secrets.put(handle, PREFIX + name, value);
                            }
                            return updatedAt(handle, name).orElseThrow();
                        });
    }

    /**
     * Whether backups are encrypted with this very value. It is nowhere else: written over, nobody
     * could open them any more.
     *
     * @throws Refused when they are encrypted with another value under that name
     */
    private boolean isSealing(Handle handle, String name, Secret value) {
        List<RepositoryRow> sealed =
                updatedAt(handle, name)
                        .map(since -> RepositoryStore.sealedWith(handle, name, since))
                        .orElse(List.of());
        if (sealed.isEmpty()) {
            return false;
        }
        Secret present = secrets.get(handle, PREFIX + name);
        if (!present.reveal().strip().equals(value.reveal().strip())) {
            throw Refused.conflict(
                    "secret-in-use",
                    "the backups of %s are encrypted with %s, and nothing else opens them: put the new passphrase under another name, and give it with a new place (toygres backup schedule --help)"
                            .formatted(whose(sealed), name));
        }
        return true;
    }

    private static String whose(List<RepositoryRow> sealed) {
        return sealed.stream()
                .map(one -> "%s in %s".formatted(one.instanceId(), one.storage().place()))
                .collect(Collectors.joining(", "));
    }

    @Override
    public Instant writtenAt(String name) {
        return catalogue
                .jdbi()
                .withHandle(handle -> updatedAt(handle, name))
                .orElseThrow(() -> Refused.notFound("secret", name));
    }

    /** When it was last written. */
    public Optional<Instant> updatedAt(Handle handle, String name) {
        return SecretStore.updatedAt(handle, PREFIX + name);
    }

    /** For a desk that is told its name; the fault when there is none. */
    public Optional<String> missing(Handle handle, String name) {
        return updatedAt(handle, name).isPresent()
                ? Optional.empty()
                : Optional.of(
                        "there is no secret %s: put it first (toygres secret set %s)"
                                .formatted(name, name));
    }

    /**
     * For the one place that needs it.
     *
     * @throws SecretMissing so that whoever needs it can say so
     */
    public Secret get(String name) {
        return catalogue
                .jdbi()
                .withHandle(handle -> secrets.find(handle, PREFIX + name))
                .orElseThrow(() -> new SecretMissing(name));
    }
}
