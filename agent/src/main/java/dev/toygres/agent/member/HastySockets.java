package dev.toygres.agent.member;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import javax.net.SocketFactory;

/**
 * Sockets that wait in vain only once. To close a TLS connection the JDK reads what is left of it
 * (SSLSocketInputRecord.deplete), for as long as the socket waits for an answer: a server that
 * hangs was asked twice as long as it had time, and a hang was known a second later.
 */
public final class HastySockets extends SocketFactory {
    private static final int AT_ONCE = 1;

    @Override
    public Socket createSocket() {
        return new Hasty();
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw new UnsupportedOperationException("connected by whoever asks for it");
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress from, int fromPort) {
        throw new UnsupportedOperationException("connected by whoever asks for it");
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw new UnsupportedOperationException("connected by whoever asks for it");
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) {
        throw new UnsupportedOperationException("connected by whoever asks for it");
    }

    private static final class Hasty extends Socket {
        @Override
        public InputStream getInputStream() throws IOException {
            return new FilterInputStream(super.getInputStream()) {
                @Override
                public int read(byte[] into, int from, int most) throws IOException {
                    try {
                        return super.read(into, from, most);
                    } catch (SocketTimeoutException hangs) {
                        setSoTimeout(AT_ONCE);
                        throw hangs;
                    }
                }
            };
        }
    }
}
