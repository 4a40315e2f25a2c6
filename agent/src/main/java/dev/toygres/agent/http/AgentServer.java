package dev.toygres.agent.http;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.toygres.agent.OpenHost;
import dev.toygres.agent.job.Jobs;
import dev.toygres.agentapi.Address;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/** Listens for the server; whoever shows no certificate of our CA gets no further than TLS. */
public final class AgentServer implements AutoCloseable {
    private static final int BACKLOG = 128;

    private final HttpsServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    public AgentServer(
            Address address, SSLContext tls, Jobs jobs, OpenHost host, LeaseDesk leases) {
        try {
            server = HttpsServer.create(socketAddress(address), BACKLOG);
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot listen on " + address, cause);
        }
        server.setHttpsConfigurator(
                new HttpsConfigurator(tls) {
                    @Override
                    public void configure(HttpsParameters parameters) {
                        var wanted = tls.getDefaultSSLParameters();
                        wanted.setNeedClientAuth(true);
                        parameters.setSSLParameters(wanted);
                    }
                });
        server.setExecutor(threads);
        server.createContext("/", new Routes(jobs, host, leases));
        server.start();
    }

    private static InetSocketAddress socketAddress(Address address) throws IOException {
        return new InetSocketAddress(InetAddress.getByName(address.host()), address.port());
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
