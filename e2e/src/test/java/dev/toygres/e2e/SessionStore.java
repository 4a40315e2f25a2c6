package dev.toygres.e2e;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * Stands in front of an S3 server, and knows sessions: whoever shows a token that has expired is
 * answered as Amazon does.
 */
final class SessionStore implements AutoCloseable {
    private static final Pattern TOKEN = Pattern.compile("\r\nx-amz-security-token: *(\\S+)");
    private static final Pattern LENGTH = Pattern.compile("\r\ncontent-length: *(\\d+)");
    private static final String EXPIRED =
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>ExpiredToken</Code>"
                    + "<Message>The provided token has expired.</Message></Error>";

    private final SSLContext context;
    private final SSLServerSocket door;
    private final int behind;
    private final Set<String> expired = ConcurrentHashMap.newKeySet();
    private final Set<SSLSocket> open = ConcurrentHashMap.newKeySet();

    private SessionStore(S3Server server) throws IOException, GeneralSecurityException {
        context = context(server);
        behind = server.port();
        door =
                (SSLServerSocket)
                        context.getServerSocketFactory()
                                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    static SessionStore before(S3Server server) throws IOException, GeneralSecurityException {
        SessionStore store = new SessionStore(server);
        Thread.ofVirtual().start(store::listen);
        return store;
    }

    private static SSLContext context(S3Server server)
            throws IOException, GeneralSecurityException {
        char[] password = S3Server.KEYSTORE_PASSWORD.toCharArray();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream file = Files.newInputStream(server.keystore())) {
            keys.load(file, password);
        }
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("s3", keys.getCertificate("s3"));
        var own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, password);
        var others = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        others.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), others.getTrustManagers(), null);
        return context;
    }

    String endpoint() {
        return "localhost:" + door.getLocalPort();
    }

    /** From now on; what is under way breaks off. */
    void expire(String token) {
        expired.add(token);
        open.forEach(SessionStore::end);
    }

    private void listen() {
        while (!door.isClosed()) {
            try {
                SSLSocket caller = (SSLSocket) door.accept();
                Thread.ofVirtual().start(() -> serve(caller));
            } catch (IOException closed) {
                return;
            }
        }
    }

    /** One program has one connection, and one token. */
    private void serve(SSLSocket caller) {
        open.add(caller);
        try (caller) {
            byte[] head = head(caller.getInputStream());
            String words = new String(head, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
            var token = TOKEN.matcher(words);
            if (token.find() && !expired.contains(token.group(1))) {
                passOn(caller, head);
            } else {
                refuse(caller, words);
            }
        } catch (IOException gone) {
            return;
        } finally {
            open.remove(caller);
        }
    }

    private static byte[] head(InputStream stream) throws IOException {
        var head = new ByteArrayOutputStream();
        int ends = 0;
        while (ends < 4) {
            int next = stream.read();
            if (next < 0) {
                throw new IOException("nobody asks any more");
            }
            head.write(next);
            ends = next == (ends % 2 == 0 ? '\r' : '\n') ? ends + 1 : 0;
        }
        return head.toByteArray();
    }

    private void passOn(SSLSocket caller, byte[] head) throws IOException {
        try (SSLSocket store =
                (SSLSocket)
                        context.getSocketFactory()
                                .createSocket(InetAddress.getLoopbackAddress(), behind)) {
            OutputStream there = store.getOutputStream();
            there.write(head);
            there.flush();
            Thread.ofVirtual().start(() -> pump(caller, store));
            store.getInputStream().transferTo(caller.getOutputStream());
        }
    }

    private static void pump(SSLSocket from, SSLSocket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException gone) {
            end(to);
        }
        end(to);
    }

    /** Once it has said all: else it hears only that the connection broke. */
    private static void refuse(SSLSocket caller, String words) throws IOException {
        var length = LENGTH.matcher(words);
        caller.getInputStream().skipNBytes(length.find() ? Long.parseLong(length.group(1)) : 0);
        String answer =
                "HTTP/1.1 403 Forbidden\r\nContent-Type: application/xml\r\nContent-Length: "
                        + EXPIRED.length()
                        + "\r\nConnection: close\r\n\r\n"
                        + EXPIRED;
        caller.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
        caller.getOutputStream().flush();
    }

    private static void end(SSLSocket socket) {
        try {
            socket.close();
        } catch (IOException gone) {
            return;
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        open.forEach(SessionStore::end);
    }
}
