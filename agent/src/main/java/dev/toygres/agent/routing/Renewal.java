package dev.toygres.agent.routing;

import dev.toygres.agentapi.Certificate;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Whether a certificate has to make way for another. */
final class Renewal {
    private Renewal() {}

    /** Of the same authority, for the same names, and with more than half of the new one's life. */
    static boolean isNeedless(Certificate known, Certificate offered) {
        if (known.equals(offered)) {
            return true;
        }
        try {
            var old = parse(known);
            var next = parse(offered);
            var begin = next.getNotBefore().toInstant();
            var life = Duration.between(begin, next.getNotAfter().toInstant());
            return known.authority().equals(offered.authority())
                    && old.getSubjectX500Principal().equals(next.getSubjectX500Principal())
                    && names(old).equals(names(next))
                    && old.getNotAfter().toInstant().isAfter(begin.plus(life.dividedBy(2)));
        } catch (CertificateException unreadable) {
            return false;
        }
    }

    private static Set<List<?>> names(X509Certificate one) throws CertificateParsingException {
        var names = one.getSubjectAlternativeNames();
        return names == null ? Set.of() : Set.copyOf(names);
    }

    private static X509Certificate parse(Certificate one) throws CertificateException {
        var bytes = one.certificate().getBytes(StandardCharsets.US_ASCII);
        var made =
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(bytes));
        if (made instanceof X509Certificate certificate) {
            return certificate;
        }
        throw new CertificateException("not an X.509 certificate");
    }
}
