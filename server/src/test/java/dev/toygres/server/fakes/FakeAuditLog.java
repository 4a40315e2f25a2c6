package dev.toygres.server.fakes;

import dev.toygres.store.access.AuditLog;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An audit log in memory. */
public final class FakeAuditLog implements AuditLog {
    private final List<Line> lines = new ArrayList<>();
    private final Outage outage;

    public FakeAuditLog(Outage outage) {
        this.outage = outage;
    }

    @Override
    public synchronized String open(Deed deed) {
        outage.check();
        String id = Integer.toString(lines.size());
        lines.add(
                new Line(
                        id,
                        Instant.EPOCH,
                        deed,
                        new Outcome("unfinished", deed.instanceId(), Optional.empty(), "")));
        return id;
    }

    @Override
    public synchronized void close(String id, Outcome outcome) {
        outage.check();
        int index = Integer.parseInt(id);
        Line line = lines.get(index);
        lines.set(index, new Line(id, line.at(), line.deed(), outcome));
    }

    @Override
    public synchronized List<Line> list(
            Optional<String> instanceId, int limit, Optional<String> before) {
        return lines.reversed().stream()
                .filter(
                        line ->
                                instanceId.isEmpty()
                                        || line.outcome().instanceId().equals(instanceId))
                .filter(
                        line ->
                                before.isEmpty()
                                        || Long.parseLong(line.id()) < Long.parseLong(before.get()))
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized int prune(Duration age) {
        outage.check();
        return 0;
    }

    public synchronized Line last() {
        return lines.getLast();
    }

    public synchronized int size() {
        return lines.size();
    }
}
