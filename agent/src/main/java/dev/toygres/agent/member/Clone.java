package dev.toygres.agent.member;

import dev.toygres.agent.files.Durable;
import dev.toygres.agent.process.Await;
import dev.toygres.agent.process.Processes;
import dev.toygres.agent.process.Signal;
import dev.toygres.agentapi.Address;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** A copy of a running member's data, by pg_basebackup through a slot. */
final class Clone {
    private static final Duration LONGEST = Duration.ofDays(3);
    private static final Duration END = Duration.ofSeconds(10);
    private static final int LEAST_RATE = 32;
    private static final int HIGHEST_RATE = 1 << 20;
    private static final Pattern PROGRESS = Pattern.compile(" *(\\d+)/(\\d+) kB.*");

    private final Ground ground;

    Clone(Ground ground) {
        this.ground = ground;
    }

    /**
     * Complete data under its final name, and a memory that fits it.
     *
     * @param source if not its upstream, whose slot keeps what comes after the copy all the same
     */
    void make(Member member, Optional<Address> source, int maxRateKilobytes, Progress progress) {
        var home = member.home;
        abort(home);
        Durable.delete(home.making());
        ground.user().directory(home.making());
        ground.tools()
                .run(
                        LONGEST,
                        command(member, source, maxRateKilobytes),
                        line -> report(line, progress));
        ground.crash().reached("clone: copied");
        member.remember(
                member.known().ofSystem(ControlFile.systemIdentifier(home.making()).orElseThrow()));
        ground.crash().reached("clone: identified");
        Durable.move(home.making(), home.data());
    }

    private List<String> command(Member member, Optional<Address> source, int maxRateKilobytes) {
        var known = member.known();
        var upstream = known.upstream().orElseThrow();
        var from = source.map(upstream::at).orElse(upstream);
        var program = ground.installations().bin(known.postgresMajor()).resolve("pg_basebackup");
        var command =
                new ArrayList<>(
                        List.of(
                                program.toString(),
                                "-D",
                                member.home.making().toString(),
                                "--wal-method=stream",
                                "--checkpoint=fast",
                                "--no-password",
                                "--progress",
                                "--dbname=" + from.connection(member.home, "")));
        if (source.isEmpty()) {
            command.add("--slot=" + from.slot());
        }
        if (maxRateKilobytes > 0) {
            command.add("--max-rate=" + Math.clamp(maxRateKilobytes, LEAST_RATE, HIGHEST_RATE));
        }
        return command;
    }

    private static void report(String line, Progress progress) {
        var match = PROGRESS.matcher(line);
        if (match.matches()) {
            var done = Long.parseLong(match.group(1)) << 10;
            var all = Long.parseLong(match.group(2)) << 10;
            progress.report(
                    all == 0 ? 0 : Math.min(1, (double) done / all),
                    "copied " + done + " of " + all + " bytes");
        }
    }

    /** Ends a copy that is under way, be it of an agent that is no more. */
    static void abort(MemberHome home) {
        var gone =
                Await.until(
                        END,
                        () -> {
                            var copying = Processes.find("pg_basebackup", home.making().toString());
                            copying.ifPresent(Signal.KILL::to);
                            return copying.isEmpty();
                        });
        if (!gone) {
            throw new OrderFailed("pg_basebackup survives SIGKILL");
        }
    }
}
