package dev.toygres.agentapi.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Java's TLS from PEM texts: shows one identity, and trusts one authority and nobody else. */
public final class Tls {
    private Tls() {}

    /** A context that shows the identity to its peers. */
    public static SSLContext context(Identity identity, String authority) {
        try {
            var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(keyStore(identity), new char[0]);
            return context(keys.getKeyManagers(), authority);
        } catch (GeneralSecurityException | IOException cause) {
            throw new IllegalArgumentException("unusable certificate or key", cause);
        }
    }

    /** A context without an identity of its own. */
    public static SSLContext trusting(String authority) {
        try {
            return context(new KeyManager[0], authority);
        } catch (GeneralSecurityException | IOException cause) {
            throw new IllegalArgumentException("unusable certificate", cause);
        }
    }

    private static SSLContext context(KeyManager[] keys, String authority)
            throws GeneralSecurityException, IOException {
        var trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(trustStore(authority));
        var context = SSLContext.getInstance("TLSv1.3");
        context.init(keys, trusted.getTrustManagers(), null);
        return context;
    }

    private static KeyStore keyStore(Identity identity)
            throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        var chain = Pem.certificates(identity.certificate()).toArray(X509Certificate[]::new);
        store.setKeyEntry("identity", Pem.privateKey(identity.key()), new char[0], chain);
        return store;
    }

    private static KeyStore trustStore(String authority)
            throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (var certificate : Pem.certificates(authority)) {
            store.setCertificateEntry(certificate.getSerialNumber().toString(), certificate);
        }
        return store;
    }
}
