package dev.toygres.orchestrations.instance;

import dev.toygres.agentapi.Certificate;
import dev.toygres.agentapi.tls.CertificateAuthority;
import dev.toygres.agentapi.tls.Identity;
import dev.toygres.model.ScramVerifier;
import dev.toygres.model.Secret;
import dev.toygres.orchestrations.secret.SecretDesk;
import dev.toygres.store.Catalogue;
import dev.toygres.store.InstanceRow;
import dev.toygres.store.InstanceStore;
import dev.toygres.store.SecretStore;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/**
 * The secrets of an instance: made once, kept in the secret store only, handed to the one place
 * that needs them (D14). The owner's password never leaves this server but to who may read
 * credentials: agents get its SCRAM verifier.
 */
public final class Vault {
    /** The role with which PgBouncer looks up verifiers. */
    static final String POOLER = "toygres_pooler";

    /** The role as which replicas stream. */
    public static final String REPLICATOR = "toygres_replicator";

    private static final int PASSWORD_BYTES = 24;
    private static final int SALT_BYTES = 16;

    private final Catalogue catalogue;
    private final SecretStore secrets;
    private final SecureRandom random = new SecureRandom();

    public Vault(Catalogue catalogue, SecretStore secrets) {
        this.catalogue = catalogue;
        this.secrets = secrets;
    }

    /** Where users put theirs: the same store. */
    public SecretDesk users() {
        return new SecretDesk(catalogue, secrets);
    }

    /** What the agent is told of the passwords. */
    public record Verifiers(String owner, String pooler, String replicator) {}

    /** Makes what is missing, the instance's own certificate authority included. */
    void makeFor(Handle handle, String id) {
        secrets.putIfAbsent(handle, name(id, "owner"), password());
        secrets.putIfAbsent(handle, name(id, "pooler"), password());
        secrets.putIfAbsent(handle, name(id, "replicator"), password());
        if (secrets.find(handle, name(id, "authority")).isEmpty()) {
            Identity made = CertificateAuthority.create("toygres instance " + id).identity();
            secrets.putIfAbsent(handle, name(id, "authority"), new Secret(made.key()));
            InstanceStore.authority(handle, id, made.certificate());
        }
    }

    Secret ownerPassword(String id) {
        return get(id, "owner");
    }

    Secret poolerPassword(String id) {
        return get(id, "pooler");
    }

    public Secret replicatorPassword(String id) {
        return get(id, "replicator");
    }

    public Verifiers verifiers(String id) {
        return new Verifiers(
                verifier(ownerPassword(id)),
                verifier(poolerPassword(id)),
                verifier(replicatorPassword(id)));
    }

    /**
     * A fresh certificate for what is reached at these addresses.
     *
     * @param commonName the member's, or the endpoint's
     */
    public Certificate certificate(InstanceRow row, String commonName, String... hosts) {
        String authority = row.caCertificate().orElseThrow();
        Identity kept = new Identity(authority, get(row.id(), "authority").reveal());
        List<String> names =
                Stream.concat(Stream.of("localhost", "127.0.0.1"), Stream.of(hosts))
                        .distinct()
                        .toList();
        Identity issued = CertificateAuthority.from(kept).issueServer(commonName, names);
        return new Certificate(issued.certificate(), issued.key(), authority);
    }

    void forget(Handle handle, String id) {
        secrets.removeAll(handle, name(id, ""));
    }

    private Secret get(String id, String what) {
        return catalogue.jdbi().withHandle(handle -> secrets.get(handle, name(id, what)));
    }

    private String verifier(Secret password) {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        return ScramVerifier.of(password, salt);
    }

    /** URL-safe, so that no connection string needs escaping (P4). */
    private Secret password() {
        byte[] bytes = new byte[PASSWORD_BYTES];
        random.nextBytes(bytes);
        return new Secret(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    private static String name(String id, String what) {
        return "instance/" + id + "/" + what;
    }
}
