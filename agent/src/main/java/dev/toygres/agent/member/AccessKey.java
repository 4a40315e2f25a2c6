package dev.toygres.agent.member;

import dev.toygres.agent.files.Durable;
import dev.toygres.agent.process.ServiceUser;
import dev.toygres.agentapi.tls.CertificateAuthority;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.stream.Stream;

/**
 * With what the agent logs in to a member as superuser and monitor: a client certificate of an
 * authority that lives for this one signature (ADR 0007). Nothing of it is inside the data, so a
 * clone, a rewind, a promotion and a failback change nothing.
 */
final class AccessKey {
    /** Common name of the certificate, and the key of pg_ident.conf. */
    static final String HOLDER = "toygres-agent";

    private AccessKey() {}

    static void keep(MemberHome home, ServiceUser user) {
        var files = Stream.of(home.accessAuthority(), home.accessCertificate(), home.accessKey());
        if (files.allMatch(Files::exists)) {
            return;
        }
        var authority = CertificateAuthority.create(HOLDER);
        var identity = authority.issueClient(HOLDER);
        Durable.directory(directory(home), "rwx------");
        Durable.write(home.accessKey(), der(identity.key()));
        Durable.write(home.accessCertificate(), identity.certificate());
        user.file(home.accessAuthority(), authority.certificate());
    }

    private static Path directory(MemberHome home) {
        return home.accessKey().resolveSibling(".");
    }

    /** For libpq, which reads it with armour. */
    static String pem(MemberHome home) {
        try {
            var der = Files.readAllBytes(home.accessKey());
            var text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
            return "-----BEGIN PRIVATE KEY-----\n" + text + "\n-----END PRIVATE KEY-----\n";
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    /** The driver reads PKCS#8 without armour. */
    private static byte[] der(String pem) {
        return Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
    }
}
