package dev.toygres.agent.backup;

import dev.toygres.agent.member.Progress;
import dev.toygres.agentapi.BackupResult.Content;
import dev.toygres.agentapi.BackupResult.Fault;
import dev.toygres.agentapi.BackupResult.PhysicalBackup;
import dev.toygres.agentapi.BackupResult.Verified;
import dev.toygres.agentapi.BackupResult.WalRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * What a verification found. The engine ends with 0 also when a backup is invalid, and says nothing
 * of WAL that is gone: its words are read, and what each backup needs is looked for.
 */
final class Verdict implements Consumer<String> {
    private static final Pattern FAULT =
            Pattern.compile(
                    " INFO: ((?:invalid|unable|missing|file missing)[\\w ]*?) '?(\\S+?)'?(?:: (.*))?$");
    private static final Pattern BACKUP =
            Pattern.compile(
                    "^  backup: (\\S+), status: (\\w[\\w -]*), total files checked: (\\d+).*");
    private static final Pattern WAL =
            Pattern.compile(
                    "^  archiveId: \\S+, total WAL checked: (\\d+), total valid WAL: (\\d+)");
    private static final Pattern LABEL =
            Pattern.compile("^(\\d{8}-\\d{6}F(?:_\\d{8}-\\d{6}[ID])?)/.*");

    private final Content content;
    private final Progress progress;
    private final List<Fault> faults = new ArrayList<>();
    private long files;
    private boolean unsound;

    Verdict(Content content, Progress progress) {
        this.content = content;
        this.progress = progress;
    }

    @Override
    public void accept(String line) {
        var fault = FAULT.matcher(line);
        if (fault.find()) {
            add(
                    fault.group(2),
                    fault.group(1)
                            + Optional.ofNullable(fault.group(3)).map(": "::concat).orElse(""));
            progress.report(0.5, faults.size() + " faults found");
            return;
        }
        var backup = BACKUP.matcher(line);
        if (backup.matches()) {
            files += Long.parseLong(backup.group(3));
            status(backup.group(1), backup.group(2));
        }
        var wal = WAL.matcher(line);
        if (wal.find()) {
            files += Long.parseLong(wal.group(1));
        }
        if (line.startsWith("status: error")) {
            unsound = true;
        }
    }

    private void status(String label, String status) {
        if (!status.equals("valid") && faults.stream().noneMatch(one -> isOf(one, label))) {
            add(new Fault(Optional.of(label), label, "the backup is " + status));
        }
    }

    private static boolean isOf(Fault fault, String label) {
        return fault.label().equals(Optional.of(label));
    }

    private void add(String file, String words) {
        var label = LABEL.matcher(file);
        add(
                new Fault(
                        label.matches() ? Optional.of(label.group(1)) : Optional.empty(),
                        file,
                        words));
    }

    private void add(Fault fault) {
        if (!faults.contains(fault)) {
            faults.add(fault);
        }
    }

    Verified pronounce(Duration took) {
        content.backups().forEach(this::needed);
        if (unsound && faults.isEmpty()) {
            add(new Fault(Optional.empty(), "", "the engine calls the repository unsound"));
        }
        gaps();
        content.backups().stream()
                .filter(PhysicalBackup::damaged)
                .forEach(
                        one ->
                                add(
                                        new Fault(
                                                Optional.of(one.label()),
                                                one.label(),
                                                "pages with wrong checksums were copied")));
        var bytes = content.backups().stream().mapToLong(PhysicalBackup::ownBytes).sum();
        return new Verified(faults, files, bytes, took.toMillis());
    }

    /** Without the WAL from its start to its end a backup is never consistent. */
    private void needed(PhysicalBackup backup) {
        var whole =
                content.wal().stream()
                        .anyMatch(
                                range ->
                                        range.firstWal().compareTo(backup.firstWal()) <= 0
                                                && range.lastWal().compareTo(backup.lastWal()) >= 0
                                                && range.timeline() == backup.timeline());
        if (!whole) {
            add(
                    new Fault(
                            Optional.of(backup.label()),
                            backup.firstWal(),
                            "WAL that makes it consistent is missing"));
        }
    }

    /** What was expired ends where a kept backup ends; any other hole is a loss. */
    private void gaps() {
        for (int i = 1; i < content.wal().size(); i++) {
            var before = content.wal().get(i - 1);
            var after = content.wal().get(i);
            if (before.timeline() == after.timeline() && !isExpired(before)) {
                add(
                        new Fault(
                                Optional.empty(),
                                Inventory.next(before.lastWal()),
                                "WAL from it on is missing, up to " + after.firstWal()));
            }
        }
    }

    private boolean isExpired(WalRange before) {
        return content.backups().stream()
                .anyMatch(backup -> backup.lastWal().equals(before.lastWal()));
    }
}
