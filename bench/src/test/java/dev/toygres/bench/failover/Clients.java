package dev.toygres.bench.failover;

import dev.toygres.api.Address;
import dev.toygres.api.Credentials;
import dev.toygres.api.Instance;
import dev.toygres.client.ToygresClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How libpq gets to the instance; the password is in a file of its own. */
public record Clients(Path directory, Credentials credentials, Address pooledAt, Address directAt) {
    private static final Pattern TPS = Pattern.compile("tps = ([0-9.]+)");

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

    /** Through the read-write endpoint, as an application; answers what it said. */
    public String pgbench(String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("pgbench"));
        command.addAll(List.of(options));
        command.add(readWrite());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String words = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError("pgbench: " + words);
        }
        return words;
    }

    /** The transactions a second that pgbench tells of. */
    public static double tps(String words) {
        Matcher found = TPS.matcher(words);
        if (!found.find()) {
            throw new AssertionError("no tps: " + words);
        }
        return Double.parseDouble(found.group(1));
    }

    public void remove() throws IOException, InterruptedException {
        new ProcessBuilder("rm", "-rf", directory.toString()).start().waitFor();
    }
}
