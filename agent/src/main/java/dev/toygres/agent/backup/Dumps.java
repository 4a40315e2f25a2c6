package dev.toygres.agent.backup;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import dev.toygres.agent.member.OrderFailed;
import dev.toygres.agent.member.Progress;
import dev.toygres.agentapi.AgentJson;
import dev.toygres.agentapi.BackupResult.Dump;
import dev.toygres.agentapi.BackupResult.Fault;
import dev.toygres.agentapi.BackupResult.Verified;
import dev.toygres.agentapi.Repository;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Dumps of a repository: an object for each database and one for the roles, and a manifest that is
 * written last. What has no manifest is no dump.
 */
public final class Dumps {
    private static final JsonMapper JSON = AgentJson.mapper();
    private static final Pattern LABEL = Pattern.compile("[a-z0-9][a-z0-9-]{0,99}");
    private static final String ROOT = "logical";

    private final Objects objects;
    private final Repository repository;

    public Dumps(Objects objects, Repository repository) {
        this.objects = objects;
        this.repository = repository;
    }

    /**
     * @param database empty: the roles
     * @param storedBytes compressed and sealed; {@code sha256} of the same
     */
    public record Piece(
            Optional<String> database,
            String object,
            long plainBytes,
            long storedBytes,
            String sha256) {}

    /** What a dump consists of. */
    public record Manifest(Dump dump, List<Piece> pieces) {
        public Manifest {
            pieces = List.copyOf(pieces);
        }
    }

    /** What writes or reads the plain content. */
    public interface Content {
        void through(OutputStream stream) throws IOException;
    }

    /** What is done with plain content. */
    public interface Use<T> {
        T of(InputStream stream) throws IOException;
    }

    private static String path(String label) {
        if (!LABEL.matcher(label).matches()) {
            throw new OrderFailed("not a label of a dump: '" + label + "'");
        }
        return ROOT + "/" + label;
    }

    public Optional<Manifest> find(String label) {
        return objects.get(path(label) + "/manifest.json").map(Dumps::parse);
    }

    private static Manifest parse(String text) {
        try {
            return JSON.readValue(text, Manifest.class);
        } catch (JacksonException cause) {
            throw new OrderFailed("the manifest of a dump is damaged", cause);
        }
    }

    public List<Dump> list() {
        return objects.list(ROOT).keySet().stream()
                .filter(name -> name.endsWith("/manifest.json"))
                .flatMap(name -> objects.get(ROOT + "/" + name).stream())
                .map(text -> parse(text).dump())
                .sorted(Comparator.comparing(Dump::startedAt))
                .toList();
    }

    public void delete(String label) {
        // Without it the rest is no dump any more, whatever happens then.
        objects.remove(path(label) + "/manifest.json");
        objects.removeAll(path(label));
    }

    /** What an attempt before this one left behind goes first. */
    public void begin(String label) {
        objects.removeAll(path(label));
    }

    public void finish(Manifest manifest) {
        objects.put(
                path(manifest.dump().label()) + "/manifest.json",
                JSON.writeValueAsString(manifest));
    }

    /** Compressed, sealed, stored, as it comes. */
    public Piece store(String label, String name, Optional<String> database, Content content) {
        var object = path(label) + "/" + name;
        var digest = sha256();
        var plain = new Counted();
        var stored = new Counted();
        objects.put(
                object,
                pipe -> {
                    try {
                        stored.to = new DigestOutputStream(pipe, digest);
                        var sealed = Frames.writing(stored, repository.passphrase());
                        plain.to = new ZstdOutputStream(sealed, level());
                        content.through(plain);
                        // Closes the frames as well; without that the stream is not whole.
                        plain.to.close();
                    } catch (IOException cause) {
                        throw new UncheckedIOException("the stream to the store broke", cause);
                    }
                });
        var sum = HexFormat.of().formatHex(digest.digest());
        return new Piece(database, object, plain.bytes, stored.bytes, sum);
    }

    private int level() {
        return switch (repository.compression()) {
            case None, Fast -> 1;
            case Balanced -> 3;
            case Best -> 9;
        };
    }

    /** What is not sealed says by its checksum alone that it is what was stored. */
    public <T> T read(Piece piece, Use<T> use) {
        return objects.read(
                piece.object(),
                stream -> {
                    var stored = new DigestInputStream(stream, sha256());
                    var frames = Frames.reading(stored, repository.passphrase());
                    var result = use.of(new ZstdInputStream(frames));
                    stored.transferTo(OutputStream.nullOutputStream());
                    requireSum(piece, stored.getMessageDigest().digest());
                    return result;
                });
    }

    private static void requireSum(Piece piece, byte[] sum) {
        if (!HexFormat.of().formatHex(sum).equals(piece.sha256())) {
            throw new OrderFailed(
                    piece.object() + " is not what was stored: its checksum is another");
        }
    }

    /** Reads all of it: every frame opens, checksum and length are those that were written down. */
    public Verified verify(String label, Progress progress) {
        var began = System.nanoTime();
        var manifest = find(label).orElseThrow(() -> new OrderFailed("there is no dump " + label));
        var faults = new ArrayList<Fault>();
        var bytes = 0L;
        for (var piece : manifest.pieces()) {
            check(piece).ifPresent(words -> faults.add(fault(label, piece, words)));
            bytes += piece.storedBytes();
            progress.report(
                    (double) bytes / Math.max(1, manifest.dump().storedBytes()),
                    "read " + bytes + " of " + manifest.dump().storedBytes() + " bytes");
        }
        var took = Duration.ofNanos(System.nanoTime() - began);
        return new Verified(faults, manifest.pieces().size(), bytes, took.toMillis());
    }

    private static Fault fault(String label, Piece piece, String words) {
        return new Fault(Optional.of(label), piece.object(), words);
    }

    private Optional<String> check(Piece piece) {
        try {
            var length = read(piece, stream -> stream.transferTo(OutputStream.nullOutputStream()));
            return length == piece.plainBytes()
                    ? Optional.empty()
                    : Optional.of("it has " + length + " bytes instead of " + piece.plainBytes());
        } catch (OrderFailed failure) {
            return Optional.of(String.valueOf(failure.getMessage()));
        } catch (UncheckedIOException failure) {
            return Optional.of("it is missing, cut off or damaged");
        }
    }

    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException cause) {
            throw new IllegalStateException(cause);
        }
    }

    private static final class Counted extends OutputStream {
        private OutputStream to = OutputStream.nullOutputStream();
        private long bytes;

        @Override
        public void write(int one) throws IOException {
            to.write(one);
            bytes++;
        }

        @Override
        public void write(byte[] all, int from, int length) throws IOException {
            to.write(all, from, length);
            bytes += length;
        }

        @Override
        public void flush() throws IOException {
            to.flush();
        }
    }
}
