package dev.toygres.agentapi.tls;

import java.io.IOException;
import java.io.StringReader;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;

/** Issues certificates on the curve P-256: for agents, servers and the Postgres of an instance. */
public final class CertificateAuthority {
    private static final Duration LIFE = Duration.ofDays(3650);

    /** Clocks of hosts differ a little: a new certificate is valid at once everywhere. */
    private static final Duration CLOCK_SKEW = Duration.ofHours(1);

    private static final Pattern IP = Pattern.compile("[0-9.]+|.*:.*");

    private final X509Certificate certificate;
    private final PrivateKey key;

    private CertificateAuthority(X509Certificate certificate, PrivateKey key) {
        this.certificate = certificate;
        this.key = key;
    }

    /** A new authority with a key of its own. */
    public static CertificateAuthority create(String name) {
        try {
            var pair = newKey();
            var subject = new X500Principal("CN=" + name);
            var builder = builder(subject, subject, pair.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(
                    Extension.keyUsage,
                    true,
                    new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            return new CertificateAuthority(sign(builder, pair.getPrivate()), pair.getPrivate());
        } catch (GeneralSecurityException | IOException | OperatorCreationException cause) {
            throw new IllegalStateException("cannot make a certificate authority", cause);
        }
    }

    /** The authority that was kept as PEM. */
    public static CertificateAuthority from(Identity kept) {
        try {
            return new CertificateAuthority(
                    Pem.certificates(kept.certificate()).getFirst(), Pem.privateKey(kept.key()));
        } catch (GeneralSecurityException cause) {
            throw new IllegalArgumentException("unusable certificate authority", cause);
        }
    }

    /** What others must trust, PEM. */
    public String certificate() {
        return identity().certificate();
    }

    /** Certificate and key, to be kept as a secret. */
    public Identity identity() {
        return identity(certificate, key);
    }

    /**
     * A certificate for something that listens.
     *
     * @param names DNS names and IP addresses under which it is reached
     */
    public Identity issueServer(String commonName, List<String> names) {
        return issue(commonName, names, KeyPurposeId.id_kp_serverAuth);
    }

    /** A certificate for something that listens and connects: an agent. */
    public Identity issuePeer(String commonName, List<String> names) {
        return issue(
                commonName, names, KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth);
    }

    /** A certificate for something that connects. */
    public Identity issueClient(String commonName) {
        return issue(commonName, List.of(), KeyPurposeId.id_kp_clientAuth);
    }

    /**
     * A certificate for a key that never left where it was made: for one that listens and connects.
     *
     * @param request PKCS#10, PEM; only its key is taken, its names are not
     * @throws IllegalArgumentException when it is no such request, or not signed with its own key
     */
    public String certify(String request, String commonName, List<String> names) {
        try (var parser = new PEMParser(new StringReader(request))) {
            if (!(parser.readObject() instanceof PKCS10CertificationRequest asked)) {
                throw new IllegalArgumentException("is no PKCS#10 certificate request in PEM");
            }
            var wanted = new JcaPKCS10CertificationRequest(asked);
            var key = wanted.getPublicKey();
            if (!asked.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
                throw new IllegalArgumentException("is not signed with its own key");
            }
            return Pem.certificate(
                    certificate(
                            commonName,
                            names,
                            new KeyPurposeId[] {
                                KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
                            },
                            key));
        } catch (GeneralSecurityException
                | IOException
                | PKCSException
                | OperatorCreationException cause) {
            throw new IllegalArgumentException("is no usable certificate request", cause);
        }
    }

    private Identity issue(String commonName, List<String> names, KeyPurposeId... purposes) {
        try {
            var pair = newKey();
            var issued = certificate(commonName, names, purposes, pair.getPublic());
            return identity(issued, pair.getPrivate());
        } catch (GeneralSecurityException | IOException | OperatorCreationException cause) {
            throw new IllegalStateException("cannot issue a certificate", cause);
        }
    }

    private X509Certificate certificate(
            String commonName, List<String> names, KeyPurposeId[] purposes, PublicKey subjectKey)
            throws GeneralSecurityException, IOException, OperatorCreationException {
        var subject = new X500Principal("CN=" + commonName);
        var builder = builder(certificate.getSubjectX500Principal(), subject, subjectKey);
        builder.addExtension(
                Extension.authorityKeyIdentifier,
                false,
                new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(certificate));
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes));
        if (!names.isEmpty()) {
            builder.addExtension(Extension.subjectAlternativeName, false, generalNames(names));
        }
        return sign(builder, key);
    }

    private static Identity identity(X509Certificate certificate, PrivateKey key) {
        try {
            return new Identity(Pem.certificate(certificate), Pem.key(key));
        } catch (GeneralSecurityException cause) {
            throw new IllegalStateException(cause);
        }
    }

    private static KeyPair newKey() throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static X509v3CertificateBuilder builder(
            X500Principal issuer, X500Principal subject, PublicKey subjectKey)
            throws GeneralSecurityException, IOException {
        var now = Instant.now();
        var builder =
                new JcaX509v3CertificateBuilder(
                        issuer,
                        new BigInteger(127, new SecureRandom()),
                        Date.from(now.minus(CLOCK_SKEW)),
                        Date.from(now.plus(LIFE)),
                        subject,
                        subjectKey);
        builder.addExtension(
                Extension.subjectKeyIdentifier,
                false,
                new JcaX509ExtensionUtils().createSubjectKeyIdentifier(subjectKey));
        return builder;
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
            throws GeneralSecurityException, OperatorCreationException {
        var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(key);
        return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
    }

    private static GeneralNames generalNames(List<String> names) {
        return new GeneralNames(
                names.stream()
                        .map(
                                name ->
                                        new GeneralName(
                                                IP.matcher(name).matches()
                                                        ? GeneralName.iPAddress
                                                        : GeneralName.dNSName,
                                                name))
                        .toArray(GeneralName[]::new));
    }
}
