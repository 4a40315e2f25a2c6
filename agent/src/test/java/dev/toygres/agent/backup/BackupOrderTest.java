package dev.toygres.agent.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.agentapi.AgentJson;
import dev.toygres.agentapi.BackupOrder;
import dev.toygres.agentapi.BackupStore;
import dev.toygres.agentapi.Certificate;
import dev.toygres.agentapi.Order;
import dev.toygres.agentapi.OrderEnvelope;
import dev.toygres.agentapi.RecoveryTarget;
import dev.toygres.agentapi.Repository;
import dev.toygres.model.InstanceId;
import dev.toygres.model.Lane;
import dev.toygres.model.MemberId;
import dev.toygres.model.backup.Compression;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How orders of backup look on the wire, and what they say of themselves (D14). */
final class BackupOrderTest {
    private static final MemberId MEMBER = new MemberId("app-1");
    private static final InstanceId INSTANCE = new InstanceId("app");
    private static final Repository S3 =
            new Repository(
                    new BackupStore.S3(
                            "bucket",
                            "eu-west-1",
                            Optional.of("localhost:9000"),
                            true,
                            "AK",
                            "hush-secret",
                            Optional.of("hush-token"),
                            Optional.empty()),
                    "toygres/app",
                    Optional.of("hush-passphrase"),
                    Compression.Balanced);
    private static final Repository AZURE =
            new Repository(
                    new BackupStore.AzureBlob("box", "AccountKey=hush", Optional.empty()),
                    "toygres/app",
                    Optional.empty(),
                    Compression.None);

    static List<BackupOrder> orders() {
        return List.of(
                new BackupOrder.ProveStore(INSTANCE, AZURE, true, Optional.empty()),
                new BackupOrder.ExpireBackups(INSTANCE, S3, List.of("F"), Optional.of("G")),
                new BackupOrder.ConfigureArchive(MEMBER, 3, S3),
                new BackupOrder.TakeBackup(
                        MEMBER,
                        3,
                        S3,
                        BackupOrder.Depth.Incremental,
                        "b-1",
                        Map.of("kind", "Full"),
                        0,
                        Optional.empty()),
                restore());
    }

    private static BackupOrder restore() {
        return new BackupOrder.RestoreMember(
                MEMBER,
                INSTANCE,
                3,
                15,
                Map.of(),
                S3,
                "20261124-150000F",
                new RecoveryTarget.Time(Instant.parse("2026-11-24T15:00:00.123456Z"), false),
                "latest",
                "app",
                "v1",
                "v2",
                "v3",
                "app",
                new Certificate("crt", "hush-key", "ca"),
                true);
    }

    @ParameterizedTest
    @MethodSource("orders")
    void whatIsSentIsWhatArrives(BackupOrder order) {
        var envelope = new OrderEnvelope(order.subject(), Lane.backup, 7, 1, order);

        var arrived = read(AgentJson.mapper().writeValueAsString(envelope));

        assertThat(arrived).isEqualTo(envelope);
    }

    private static OrderEnvelope read(String text) {
        return AgentJson.mapper().readValue(text, OrderEnvelope.class);
    }

    @ParameterizedTest
    @MethodSource("orders")
    void saysNothingOfItsSecrets(Order order) {
        assertThat(order.toString()).doesNotContain("hush");
    }
}
