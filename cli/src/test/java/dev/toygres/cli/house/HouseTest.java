package dev.toygres.cli.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.toygres.cli.CommandFailed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HouseTest {
    private final FreePorts ports = new FreePorts(new Random(1));
    private final House empty = new House(Optional.of(15_001), List.of(), List.of());

    @Test
    void hostsHaveAddressesAndZonesOfTheirOwn() {
        var house = empty.withHosts(3, ports);

        assertThat(house.hosts())
                .extracting(
                        host -> host.id() + " " + host.availabilityZone() + " " + host.address())
                .containsExactly(
                        "host-1 local-a 127.0.0.1",
                        "host-2 local-b 127.0.0.2",
                        "host-3 local-c 127.0.0.3");
    }

    @Test
    void whatIsThereStaysAsItIs() {
        var small = empty.withServers(1, FreePorts.LOOPBACK, ports).withHosts(1, ports);

        var large = small.withServers(2, FreePorts.LOOPBACK, ports).withHosts(2, ports);

        assertThat(large.hosts()).startsWith(small.hosts().getFirst()).hasSize(2);
        assertThat(large.servers()).startsWith(small.servers().getFirst()).hasSize(2);
        assertThat(large.withHosts(1, ports)).isEqualTo(large);
    }

    @Test
    void whatOthersReachIsReachedByHttps() {
        assertThat(new House.Server(1, "192.0.2.5", 20_000).url())
                .isEqualTo("https://192.0.2.5:20000");
        assertThat(new House.Server(1, "2001:db8::5", 20_000).url())
                .isEqualTo("https://[2001:db8::5]:20000");
        assertThat(new House.Server(1, "127.0.0.1", 20_000).url())
                .isEqualTo("http://127.0.0.1:20000");
    }

    @Test
    void isReadAsItWasWritten(@TempDir Path directory) {
        var home = new Home(directory);
        var house = empty.withServers(2, FreePorts.LOOPBACK, ports).withHosts(2, ports);

        house.write(home, ServiceUser.themselves());

        assertThat(House.read(home)).contains(house);
        assertThat(House.read(new Home(directory.resolve("other")))).isEmpty();
    }

    @Test
    void anUnknownHostIsNamedTogetherWithTheKnown() {
        assertThatThrownBy(() -> empty.withHosts(2, ports).host("host-9"))
                .isInstanceOf(CommandFailed.class)
                .hasMessageContaining("host-9")
                .hasMessageContaining("host-1, host-2");
    }

    @Test
    void zonesGoOnAfterZ() {
        assertThat(House.zone(1)).isEqualTo("a");
        assertThat(House.zone(26)).isEqualTo("z");
        assertThat(House.zone(27)).isEqualTo("aa");
        assertThat(House.zone(52)).isEqualTo("az");
        assertThat(House.zone(53)).isEqualTo("ba");
    }

    @Test
    void aPortInUseIsNotFree() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            assertThat(FreePorts.isFree("127.0.0.1", socket.getLocalPort())).isFalse();
        }
    }

    @Test
    void noPortIsGivenTwice() {
        var given =
                java.util.stream.IntStream.range(0, 200)
                        .map(_ -> ports.on("127.0.0.1"))
                        .boxed()
                        .toList();

        assertThat(given).doesNotHaveDuplicates().allMatch(port -> port >= 15_000 && port < 32_000);
    }
}
