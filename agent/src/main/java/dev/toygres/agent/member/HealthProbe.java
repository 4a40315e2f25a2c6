package dev.toygres.agent.member;

import dev.toygres.agentapi.Agent.MemberHealth;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;

/** Asks a member, as the monitoring role, whether it can do what it is there for. */
final class HealthProbe {
    private static final long LEAST_FREE_BYTES = 256L << 20;

    private HealthProbe() {}

    static MemberHealth of(Member member, Duration timeout) {
        var space = diskSpaceOk(member);
        var words = space ? "healthy" : "less than 256 MB of disk space left";
        try (var connection = member.sql().connect(Sql.MONITOR, "postgres", timeout)) {
            try (var statement = connection.createStatement();
                    var rows = statement.executeQuery("SELECT count(*) FROM pg_database")) {
                return new MemberHealth(true, rows.next(), space, words);
            } catch (SQLException slow) {
                return new MemberHealth(true, false, space, words(slow));
            }
        } catch (SQLException refused) {
            return new MemberHealth(false, false, space, words(refused));
        }
    }

    private static String words(SQLException failure) {
        return String.valueOf(failure.getMessage());
    }

    private static boolean diskSpaceOk(Member member) {
        try {
            return Files.getFileStore(member.home.data()).getUsableSpace() > LEAST_FREE_BYTES;
        } catch (IOException gone) {
            return false;
        }
    }
}
