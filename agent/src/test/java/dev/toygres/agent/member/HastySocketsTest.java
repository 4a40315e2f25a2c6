package dev.toygres.agent.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.Test;

class HastySocketsTest {
    /** Its close waited as long again for what a hung server had left to say. */
    @Test
    void whoHasWaitedInVainDoesNotWaitAgain() throws IOException {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var socket = new HastySockets().createSocket()) {
            socket.connect(server.getLocalSocketAddress());
            socket.setSoTimeout(50);
            var answer = socket.getInputStream();

            assertThatThrownBy(() -> answer.read(new byte[1], 0, 1))
                    .isInstanceOf(SocketTimeoutException.class);

            assertThat(socket.getSoTimeout()).isEqualTo(1);
        }
    }
}
