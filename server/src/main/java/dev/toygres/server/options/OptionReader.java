package dev.toygres.server.options;

import dev.toygres.server.options.ServerOptions.Tls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the options from arguments and environment (arguments win), and reports every fault at
 * once. An unknown argument, or an unknown variable that starts with {@code TOYGRES_SERVER_}, is a
 * fault: a misspelt option must not be a silent default. Other {@code TOYGRES_} variables belong to
 * the launcher and the CLI.
 */
public final class OptionReader {
    private static final String ARGUMENT = "--toygres.";
    private static final String VARIABLE = "TOYGRES_SERVER_";

    private final Map<OptionKey, String> given = new EnumMap<>(OptionKey.class);
    private final List<String> faults = new ArrayList<>();

    private OptionReader() {}

    public static ServerOptions read(List<String> arguments, Map<String, String> environment) {
        var reader = new OptionReader();
        environment.forEach(reader::variable);
        arguments.forEach(reader::argument);
        return reader.options();
    }

    private void variable(String name, String value) {
        Optional<OptionKey> key = OptionKey.ofVariable(name);
        if (key.isPresent()) {
            given.put(key.get(), value);
        } else if (name.startsWith(VARIABLE)) {
            faults.add("unknown environment variable " + name);
        }
    }

    private void argument(String argument) {
        int equals = argument.indexOf('=');
        String name = equals < 0 ? argument : argument.substring(0, equals);
        Optional<OptionKey> key =
                name.startsWith(ARGUMENT)
                        ? OptionKey.named(name.substring(ARGUMENT.length()))
                        : Optional.empty();
        if (key.isEmpty()) {
            faults.add("unknown option " + name + "; known: " + OptionKey.names());
        } else if (!key.get().mayBeArgument()) {
            faults.add(
                    name
                            + " is not taken as an argument, since it may hold a password: set "
                            + key.get().variable);
        } else if (equals < 0) {
            faults.add(name + " needs a value: " + name + "=...");
        } else {
            given.put(key.get(), argument.substring(equals + 1));
        }
    }

    private ServerOptions options() {
        @Nullable InetAddress address =
                parsed(OptionKey.ADDRESS, OptionReader::address).orElse(null);
        Optional<Tls> tls = tls(address);
        Optional<Integer> port = parsed(OptionKey.PORT, OptionReader::port);
        Optional<CatalogueUrl> catalogue = catalogue();
        Optional<Path> masterKey = needed(OptionKey.MASTER_KEY_FILE);
        masterKey.ifPresent(file -> readable(OptionKey.MASTER_KEY_FILE, file));
        Optional<Path> adminToken = parsed(OptionKey.ADMIN_TOKEN_FILE, Path::of);
        adminToken.ifPresent(file -> readable(OptionKey.ADMIN_TOKEN_FILE, file));
        Optional<Path> home = needed(OptionKey.HOME);
        Optional<Path> addressFile = parsed(OptionKey.ADDRESS_FILE, Path::of);
        Optional<Duration> grace = parsed(OptionKey.GRACE, OptionReader::grace);
        Optional<Duration> audit = parsed(OptionKey.AUDIT_RETENTION, OptionReader::retention);
        if (!faults.isEmpty() || address == null) {
            throw new OptionsFault(faults);
        }
        return new ServerOptions(
                address,
                port.orElseThrow(),
                addressFile,
                tls,
                catalogue.orElseThrow(),
                masterKey.orElseThrow(),
                adminToken,
                home.orElseThrow(),
                grace.orElseThrow(),
                audit.orElseThrow());
    }

    private Optional<Tls> tls(@Nullable InetAddress address) {
        Optional<Path> certificate = parsed(OptionKey.TLS_CERTIFICATE, Path::of);
        Optional<Path> key = parsed(OptionKey.TLS_KEY, Path::of);
        certificate.ifPresent(file -> readable(OptionKey.TLS_CERTIFICATE, file));
        key.ifPresent(file -> readable(OptionKey.TLS_KEY, file));
        if (certificate.isPresent() != key.isPresent()) {
            faults.add("tls-certificate and tls-key go together: only one of them is given");
        } else if (address != null && !address.isLoopbackAddress() && certificate.isEmpty()) {
            faults.add(
                    "address: "
                            + address.getHostAddress()
                            + " is reachable from elsewhere, so HTTPS is a must: give"
                            + " tls-certificate and tls-key, or listen on 127.0.0.1");
        }
        return certificate.flatMap(file -> key.map(secret -> new Tls(file, secret)));
    }

    private Optional<CatalogueUrl> catalogue() {
        boolean inFile = !text(OptionKey.DATABASE_URL_FILE).isEmpty();
        if (inFile != text(OptionKey.DATABASE_URL).isEmpty()) {
            faults.add(
                    "the catalogue: set exactly one of "
                            + OptionKey.DATABASE_URL.variable
                            + " and "
                            + OptionKey.DATABASE_URL_FILE.variable);
            return Optional.empty();
        }
        return inFile
                ? parsed(OptionKey.DATABASE_URL_FILE, OptionReader::catalogueIn)
                : parsed(OptionKey.DATABASE_URL, CatalogueUrl::parse);
    }

    private static CatalogueUrl catalogueIn(String file) {
        try {
            return CatalogueUrl.parse(Files.readString(Path.of(file)).strip());
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot be read: " + file, e);
        }
    }

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("is no address of this machine: " + text, e);
        }
    }

    private static int port(String text) {
        try {
            int port = Integer.parseInt(text);
            if (port >= 0 && port <= 65535) {
                return port;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("must be a number from 0 to 65535, is " + text, e);
        }
        throw new IllegalArgumentException("must be a number from 0 to 65535, is " + text);
    }

    private static Duration grace(String text) {
        try {
            Duration grace = Duration.parse(text);
            if (!grace.isNegative()) {
                return grace;
            }
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("must be a duration like PT10S, is " + text, e);
        }
        throw new IllegalArgumentException("must not be negative, is " + text);
    }

    private static Duration retention(String text) {
        try {
            Duration retention = Duration.parse(text);
            if (retention.compareTo(Duration.ofDays(1)) >= 0) {
                return retention;
            }
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("must be a duration like P400D, is " + text, e);
        }
        throw new IllegalArgumentException("must be at least P1D, is " + text);
    }

    private Optional<Path> needed(OptionKey key) {
        if (text(key).isEmpty()) {
            faults.add(key.name + " is missing: --toygres." + key.name + "= or " + key.variable);
        }
        return parsed(key, Path::of);
    }

    private void readable(OptionKey key, Path file) {
        if (!Files.isReadable(file)) {
            faults.add(key.name + ": cannot read " + file);
        }
    }

    private <T> Optional<T> parsed(OptionKey key, Function<String, T> parser) {
        String text = text(key);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(parser.apply(text));
        } catch (IllegalArgumentException e) {
            faults.add(key.name + " " + e.getMessage());
            return Optional.empty();
        }
    }

    private String text(OptionKey key) {
        return given.getOrDefault(key, key.fallback);
    }
}
