package dev.toygres.orchestrations.restore;

import dev.toygres.agentapi.RecoveryTarget;
import dev.toygres.model.Lsn;
import dev.toygres.model.Refused;
import dev.toygres.model.Refused.FieldFault;
import dev.toygres.model.backup.RestoreTarget;
import dev.toygres.orchestrations.restore.RestoreWish.Goal;
import dev.toygres.store.backup.BackupCatalogue.RestorePoint;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Up to where a restore goes: from the wish to the decision, and on to the agent. */
final class Goals {
    private Goals() {}

    /**
     * @throws Refused when it says two things, or something that is none
     */
    static RestoreTarget target(Goal goal, List<RestorePoint> points) {
        long said =
                Stream.of(goal.pointInTime(), goal.xid(), goal.restorePoint(), goal.lsn())
                                .filter(Optional::isPresent)
                                .count()
                        + (goal.latest() ? 1 : 0);
        if (said > 1) {
            throw fault(
                    "pointInTime",
                    "and xid, restorePoint, lsn and latest exclude each other: give one of them");
        }
        if (goal.latest()) {
            return new RestoreTarget.Latest();
        }
        return goal.pointInTime()
                .<RestoreTarget>map(at -> new RestoreTarget.Time(at, goal.inclusive()))
                .or(() -> goal.xid().map(xid -> transaction(xid, goal.inclusive())))
                .or(() -> goal.lsn().map(lsn -> position(lsn, goal.inclusive())))
                .or(() -> goal.restorePoint().map(name -> named(name, points)))
                .orElseGet(RestoreTarget.BackupItself::new);
    }

    private static RestoreTarget transaction(long xid, boolean inclusive) {
        if (xid < 3) {
            throw fault("xid", "must be at least 3: no user's transaction has a smaller one");
        }
        return new RestoreTarget.Transaction(xid, inclusive);
    }

    private static RestoreTarget position(String lsn, boolean inclusive) {
        try {
            return new RestoreTarget.Position(Lsn.parse(lsn), inclusive);
        } catch (IllegalArgumentException none) {
            throw fault("lsn", "must look like 0/16B3748");
        }
    }

    private static RestoreTarget named(String name, List<RestorePoint> points) {
        return points.stream()
                .filter(point -> point.name().equals(name))
                .findFirst()
                .map(point -> new RestoreTarget.Named(name, point.timeline(), point.position()))
                .orElseThrow(
                        () ->
                                fault(
                                        "restorePoint",
                                        "there is none of the name %s; there is %s"
                                                .formatted(
                                                        name,
                                                        points.stream()
                                                                .map(RestorePoint::name)
                                                                .toList())));
    }

    private static Refused fault(String field, String message) {
        return Refused.fields(List.of(new FieldFault(field, message)));
    }

    static RecoveryTarget order(RestoreTarget target) {
        return switch (target) {
            case RestoreTarget.Latest _ -> new RecoveryTarget.Latest();
            case RestoreTarget.BackupItself _ -> new RecoveryTarget.BackupEnd();
            case RestoreTarget.Time(var at, var inclusive) ->
                    new RecoveryTarget.Time(at, inclusive);
            case RestoreTarget.Transaction(var xid, var inclusive) ->
                    new RecoveryTarget.Transaction(xid, inclusive);
            case RestoreTarget.Named(var name, _, _) -> new RecoveryTarget.Name(name);
            case RestoreTarget.Position(var lsn, var inclusive) ->
                    new RecoveryTarget.Position(lsn.toString(), inclusive);
        };
    }

    static String words(RestoreTarget target) {
        return switch (target) {
            case RestoreTarget.Latest _ -> "the end of the archive";
            case RestoreTarget.BackupItself _ -> "the backup itself";
            case RestoreTarget.Time(var at, var inclusive) -> upTo("time " + at, inclusive);
            case RestoreTarget.Transaction(var xid, var inclusive) ->
                    upTo("transaction " + xid, inclusive);
            case RestoreTarget.Named(var name, _, _) -> "restore point " + name;
            case RestoreTarget.Position(var lsn, var inclusive) ->
                    upTo("position " + lsn, inclusive);
        };
    }

    private static String upTo(String what, boolean inclusive) {
        return what + (inclusive ? "" : ", exclusive");
    }
}
