package dev.toygres.cli.house;

import dev.toygres.cli.CommandFailed;
import dev.toygres.cli.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;

/** Random secrets, each in a file of its own, made when first needed and then kept. */
final class Secrets {
    static final String ADMIN_TOKEN = "admin-token";
    static final String MASTER_KEY = "master-key";
    static final String CATALOGUE_PASSWORD = "catalogue-password";
    static final String CATALOGUE_URL = "catalogue-url";
    private static final String SERVER_KEY = "server-key.pem";
    private static final int BYTES = 32;

    private final Home home;
    private final ServiceUser user;

    Secrets(Home home, ServiceUser user) {
        this.home = home;
        this.user = user;
    }

    Path adminToken() {
        return made(ADMIN_TOKEN, "tg_" + token());
    }

    /** 32 bytes in Base64. */
    Path masterKey() {
        return made(MASTER_KEY, Base64.getEncoder().encodeToString(random()));
    }

    Path cataloguePassword() {
        return made(CATALOGUE_PASSWORD, token());
    }

    /** By which a server that others reach proves that it is the one. */
    record Tls(Path certificate, Path key) {}

    /** Its own authority: whoever is to trust it gets the certificate itself. */
    Tls tls(String address) {
        var tls = new Tls(home.serverCertificate(), home.secret(SERVER_KEY));
        // The key first: a certificate without it would never be made good.
        if (!Files.exists(tls.certificate())) {
            var made = ServerKey.create(address);
            user.write(tls.key(), made.key());
            user.write(tls.certificate(), made.certificate());
        }
        return tls;
    }

    String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new CommandFailed(ExitCode.FAILED, "cannot read " + file + ": " + e, e);
        }
    }

    private Path made(String name, String value) {
        Path file = home.secret(name);
        if (!Files.exists(file)) {
            user.write(file, value + "\n");
        }
        return file;
    }

    /** Nothing in it needs quoting in a URL or a shell. */
    private static String token() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random());
    }

    private static byte[] random() {
        var bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }
}
