package dev.toygres.agent.member;

import java.time.Duration;

/**
 * How long things may take before the next harsher means.
 *
 * @param tool initdb, cp, pg_resetwal
 * @param start until Postgres answers; recovery goes on afterwards
 * @param fast until a fast stop becomes an immediate one
 * @param immediate until an immediate stop becomes SIGKILL
 * @param kill until we give up: a process that SIGKILL does not end
 * @param settings until new ones are read, or a standby has replayed what they depend on
 */
public record Limits(
        Duration tool,
        Duration start,
        Duration fast,
        Duration immediate,
        Duration kill,
        Duration settings) {
    public static final Limits USUAL =
            new Limits(
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(30));

    public Limits withSettings(Duration limit) {
        return new Limits(tool, start, fast, immediate, kill, limit);
    }
}
