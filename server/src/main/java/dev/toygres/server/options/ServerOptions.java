package dev.toygres.server.options;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What the server is told at its start. {@link OptionKey} names the keys.
 *
 * @param address where to listen
 * @param port 0: any that is free
 * @param addressFile gets the URL once the server listens
 * @param adminTokenFile holds the first admin token; read only while there is no token at all
 * @param grace how long a request may still run after SIGTERM
 * @param auditRetention how long lines of the audit log are kept
 */
public record ServerOptions(
        InetAddress address,
        int port,
        Optional<Path> addressFile,
        Optional<Tls> tls,
        CatalogueUrl catalogue,
        Path masterKeyFile,
        Optional<Path> adminTokenFile,
        Path home,
        Duration grace,
        Duration auditRetention) {

    /** PEM files of the HTTPS certificate and its key. */
    public record Tls(Path certificate, Path key) {}

    /** Whether only this machine can reach it. */
    public boolean onLoopbackOnly() {
        return address.isLoopbackAddress();
    }
}
