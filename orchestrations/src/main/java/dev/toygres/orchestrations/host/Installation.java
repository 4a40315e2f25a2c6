package dev.toygres.orchestrations.host;

import dev.toygres.agentapi.tls.CertificateAuthority;
import dev.toygres.agentapi.tls.Identity;
import dev.toygres.agentapi.tls.Tls;
import dev.toygres.model.Secret;
import dev.toygres.store.Catalogue;
import dev.toygres.store.SecretStore;
import javax.net.ssl.SSLContext;
import org.jdbi.v3.core.Handle;

/**
 * The certificate authority that server and agents trust, made once by whichever server starts
 * first on a catalogue.
 */
public final class Installation {
    /** Agents obey only who shows a certificate with this name. */
    public static final String SERVER = "toygres-server";

    private static final String CERTIFICATE = "installation/authority-certificate";
    private static final String KEY = "installation/authority-key";

    private final CertificateAuthority authority;

    private Installation(CertificateAuthority authority) {
        this.authority = authority;
    }

    /** Finds the authority in the catalogue, or makes it. */
    public static Installation of(Catalogue catalogue, SecretStore secrets) {
        return catalogue
                .jdbi()
                .inTransaction(
                        handle -> {
                            // Two servers that start together must not make two of them.
                            handle.execute("lock table catalogue.secret in exclusive mode");
                            return new Installation(find(handle, secrets));
                        });
    }

    private static CertificateAuthority find(Handle handle, SecretStore secrets) {
        if (secrets.find(handle, KEY).isEmpty()) {
            Identity made = CertificateAuthority.create("toygres installation").identity();
            secrets.putIfAbsent(handle, CERTIFICATE, new Secret(made.certificate()));
            secrets.putIfAbsent(handle, KEY, new Secret(made.key()));
        }
        return CertificateAuthority.from(
                new Identity(
                        secrets.get(handle, CERTIFICATE).reveal(),
                        secrets.get(handle, KEY).reveal()));
    }

    /** With which a server speaks to agents. */
    public SSLContext toAgents() {
        return Tls.context(authority.issueClient(SERVER), authority.certificate());
    }

    CertificateAuthority authority() {
        return authority;
    }
}
