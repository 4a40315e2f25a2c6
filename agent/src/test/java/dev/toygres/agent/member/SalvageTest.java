package dev.toygres.agent.member;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.agent.files.Durable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** S8: WAL that nobody else has is not lost. */
final class SalvageTest {
    private static final String SEGMENT = "000000010000000000000005";

    @TempDir Path root;

    /** The end of its WAL could not be read: it was copied over, and its WAL was gone. */
    @Test
    void allWalOfDataThatGoesUnreadIsKeptAndToldOf() throws IOException {
        var home = new MemberHome(root);
        var wal = Files.createDirectories(home.data().resolve("pg_wal"));
        Files.writeString(wal.resolve(SEGMENT), "committed");
        Files.writeString(wal.resolve("00000002.history"), "1");

        Salvage.keepAll(home, "the last checkpoint is not found", 7);
        Durable.delete(home.data());

        var tail = Salvage.kept(home, 7).orElseThrow();
        assertThat(tail.unread()).contains("the last checkpoint is not found");
        assertThat(tail.bytes()).isEqualTo(10);
        assertThat(Path.of(tail.place()).resolve(SEGMENT)).hasContent("committed");
        assertThat(Salvage.kept(home, 8)).as("of another time").isEmpty();
    }

    /** After a crash in the midst of it. */
    @Test
    void whatWasKeptIsNotKeptTwice() throws IOException {
        var home = new MemberHome(root);
        var wal = Files.createDirectories(home.data().resolve("pg_wal"));
        Files.writeString(wal.resolve(SEGMENT), "committed");
        Salvage.keepAll(home, "unreadable", 7);
        Files.delete(root.resolve("salvage/unread-7/salvage.json"));

        Salvage.keepAll(home, "unreadable", 7);

        assertThat(Salvage.kept(home, 7).orElseThrow().bytes()).isEqualTo(9);
        assertThat(wal.resolve(SEGMENT)).hasContent("committed");
    }

    @Test
    void whereThereIsNothingLeftThatIsToldToo() {
        var home = new MemberHome(root);

        Salvage.keepAll(home, "there is no data", 7);

        assertThat(Salvage.kept(home, 7).orElseThrow().bytes()).isZero();
    }

    /** Every failover left its segments for ever, though nothing was lost with them. */
    @Test
    void whatNothingWasLostWithGoesWhenMoreIsKept() throws IOException {
        var home = new MemberHome(root);
        kept(home, "harmless", 4, 0, true);
        kept(home, "not-counted", 5, 0, false);
        kept(home, "lost", 6, 3, true);
        Salvage.keepAll(home, "unreadable", 7);
        kept(home, "of-this-term", 8, 0, true);

        Salvage.keepAll(home, "unreadable again", 8);

        assertThat(home.salvage())
                .isDirectoryNotContaining(file -> file.endsWith("harmless"))
                .isDirectoryContaining(file -> file.endsWith("not-counted"))
                .isDirectoryContaining(file -> file.endsWith("lost"))
                .isDirectoryContaining(file -> file.endsWith("unread-7"))
                .isDirectoryContaining(file -> file.endsWith("of-this-term"));
    }

    private static void kept(
            MemberHome home, String name, long term, int transactions, boolean counted)
            throws IOException {
        var place = Files.createDirectories(home.salvage().resolve(name));
        Files.writeString(
                place.resolve("salvage.json"),
                """
                {"timeline": 1, "term": %d, "tail": {"place": "%s", "from": "0/5000000",
                 "to": "0/5000100", "bytes": 256, "transactions": %d}, "counted": %b}
                """
                        .formatted(term, place, transactions, counted));
    }
}
