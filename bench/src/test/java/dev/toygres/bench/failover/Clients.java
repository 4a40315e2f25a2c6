package dev.toygres.bench.failover;

import dev.toygres.api.Address;
import dev.toygres.api.Credentials;
import dev.toygres.api.Instance;
import dev.toygres.client.ToygresClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** How libpq gets to the instance; the password is in a file of its own. */
public record Clients(Path directory, Credentials credentials, Address pooledAt, Address directAt) {
    public static Clients of(ToygresClient client, String id, Path directory) throws IOException {
        Instance instance = client.getInstance(id);
        var endpoints = instance.endpoints().orElseThrow();
        Credentials credentials = client.getCredentials(id);
        Files.writeString(directory.resolve("ca.pem"), credentials.caCertificate());
        Path passfile = directory.resolve("pass");
        Files.writeString(passfile, "*:*:*:*:" + credentials.password() + "\n");
        Files.setPosixFilePermissions(passfile, PosixFilePermissions.fromString("rw-------"));
        return new Clients(directory, credentials, endpoints.pooled(), endpoints.readWrite());
    }

    public String pooled() {
        return dsn(pooledAt);
    }

    public String readWrite() {
        return dsn(directAt);
    }

    private String dsn(Address address) {
        return "host=%s port=%d user=%s dbname=%s passfile=%s sslmode=verify-full sslrootcert=%s"
                .formatted(
                        address.host(),
                        address.port(),
                        credentials.username(),
                        credentials.database(),
                        directory.resolve("pass"),
                        directory.resolve("ca.pem"));
    }

    public void remove() throws IOException, InterruptedException {
        new ProcessBuilder("rm", "-rf", directory.toString()).start().waitFor();
    }
}
