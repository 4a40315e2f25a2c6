package dev.toygres.agent.routing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** HAProxy's runtime API: one command per connection. */
final class AdminSocket {
    /** What fits into sockaddr_un, with room for the name that HAProxy binds at first. */
    private static final int LONGEST_PATH = 100;

    private static final Duration LIMIT = Duration.ofSeconds(2);

    private final Path socket;

    AdminSocket(Path socket) {
        this.socket = socket;
    }

    String ask(String command) throws IOException {
        if (socket.toString().length() <= LONGEST_PATH) {
            return ask(socket, command);
        }
        var shortcut = Files.createTempDirectory("toygres");
        var link = shortcut.resolve("d");
        try {
            Files.createSymbolicLink(link, socket.getParent());
            return ask(link.resolve(socket.getFileName()), command);
        } finally {
            Files.deleteIfExists(link);
            Files.deleteIfExists(shortcut);
        }
    }

    /** Closing the channel is what ends a conversation with a HAProxy that hangs. */
    private static String ask(Path path, String command) throws IOException {
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            var watch = Thread.ofVirtual().start(() -> closeLater(channel));
            try {
                channel.connect(UnixDomainSocketAddress.of(path));
                channel.write(
                        ByteBuffer.wrap((command + "\n").getBytes(StandardCharsets.US_ASCII)));
                return answer(channel);
            } finally {
                watch.interrupt();
            }
        }
    }

    private static String answer(SocketChannel channel) throws IOException {
        var all = new ByteArrayOutputStream();
        var buffer = ByteBuffer.allocate(4096);
        while (channel.read(buffer) >= 0) {
            all.write(buffer.array(), 0, buffer.position());
            buffer.clear();
        }
        return all.toString(StandardCharsets.UTF_8).strip();
    }

    private static void closeLater(SocketChannel channel) {
        try {
            Thread.sleep(LIMIT);
            channel.close();
        } catch (InterruptedException answered) {
            Thread.currentThread().interrupt();
        } catch (IOException closed) {
            /* It is closed: what we wanted. */
            return;
        }
    }
}
