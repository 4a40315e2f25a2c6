package dev.toygres.cli.house;

import java.io.IOException;
import java.security.KeyPair;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/** A new key of a host, on the curve P-256, and the request for a certificate of it. PEM. */
record HostKey(String key, String certificateRequest) {

    static HostKey create(String hostId) {
        try {
            var pair = Pem.keyPair();
            return new HostKey(
                    Pem.of("PRIVATE KEY", pair.getPrivate().getEncoded()),
                    Pem.of("CERTIFICATE REQUEST", request(hostId, pair)));
        } catch (OperatorCreationException | IOException e) {
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

    @Override
    public String toString() {
        return "HostKey[***]";
    }
}
