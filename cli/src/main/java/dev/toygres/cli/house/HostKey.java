package dev.toygres.cli.house;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/** A new key of a host, on the curve P-256, and the request for a certificate of it. PEM. */
record HostKey(String key, String certificateRequest) {

    static HostKey create(String hostId) {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            var pair = generator.generateKeyPair();
            return new HostKey(
                    pem("PRIVATE KEY", pair.getPrivate().getEncoded()),
                    pem("CERTIFICATE REQUEST", request(hostId, pair)));
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException("cannot make a key for " + hostId, e);
        }
    }

    private static byte[] request(String hostId, KeyPair pair)
            throws OperatorCreationException, IOException {
        var subject = new X500Principal("CN=" + hostId);
        return new JcaPKCS10CertificationRequestBuilder(subject, pair.getPublic())
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()))
                .getEncoded();
    }

    private static String pem(String title, byte[] der) {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(title, lines, title);
    }

    @Override
    public String toString() {
        return "HostKey[***]";
    }
}
