package dev.toygres.orchestrations.instance;

import dev.toygres.model.Durability;
import dev.toygres.model.Health;
import dev.toygres.model.InstanceState;
import dev.toygres.model.IsolationPolicy;
import dev.toygres.model.Name;
import dev.toygres.model.Placement;
import dev.toygres.model.Refused;
import dev.toygres.model.Refused.FieldFault;
import dev.toygres.model.Size;
import dev.toygres.orchestrations.replica.NewReplica;
import dev.toygres.orchestrations.replica.ReplicaWish;
import dev.toygres.store.InstanceRow;
import dev.toygres.store.Voting;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Checks a wish for an instance whole: every fault at once, before anything is written. */
final class Wish {
    /** Postgres folds and truncates identifiers; these need no quotes anywhere. */
    private static final Pattern IDENTIFIER = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

    /** The id, a hyphen and a number must fit a member's name. */
    private static final int LONGEST_ID = Name.LONGEST - 4;

    private static final Set<String> TAKEN_DATABASES = Set.of("postgres", "template0", "template1");
    private static final Set<String> TAKEN_ROLES =
            Set.of("postgres", "public", "none", "current_user", "session_user", "user");

    private final List<FieldFault> faults = new ArrayList<>();

    private Wish() {}

    /**
     * The row that the wish becomes.
     *
     * @throws Refused with every fault, or when no host fits
     */
    static InstanceRow checked(NewInstance wish, List<Placement.Candidate> hosts) {
        return new Wish().check(wish, hosts);
    }

    private InstanceRow check(NewInstance wish, List<Placement.Candidate> hosts) {
        checkId(wish.id());
        Size size = size(wish.size());
        int major = major(wish.postgresVersion(), hosts);
        place("region", wish.region(), hosts.stream().map(Placement.Candidate::region).toList());
        place(
                "availabilityZone",
                wish.availabilityZone(),
                hosts.stream().map(Placement.Candidate::availabilityZone).toList());
        Durability durability = durability(wish.durability());
        if (wish.replicas().size() > ReplicaWish.MOST) {
            fault(
                    "replicas",
                    "must be at most %d, are %d"
                            .formatted(ReplicaWish.MOST, wish.replicas().size()));
        }
        String owner = identifier("owner", wish.owner().orElse("app"), TAKEN_ROLES);
        String database = identifier("database", wish.database().orElse("app"), TAKEN_DATABASES);
        if (!faults.isEmpty()) {
            throw Refused.fields(faults);
        }
        refuseWithoutRoom(wish, hosts, size, major);
        return row(wish, size, major, owner, database, durability);
    }

    private void checkId(String id) {
        Name.fault(id)
                .or(
                        () ->
                                id.length() > LONGEST_ID
                                        ? Optional.of(
                                                "must have at most %d characters, has %d"
                                                        .formatted(LONGEST_ID, id.length()))
                                        : Optional.empty())
                .ifPresent(fault -> fault("id", fault));
    }

    private Size size(Optional<String> wished) {
        String name = wished.orElse(Size.small.name());
        return Arrays.stream(Size.values())
                .filter(size -> size.name().equals(name))
                .findFirst()
                .orElseGet(
                        () -> {
                            fault("size", "must be one of " + Arrays.toString(Size.values()));
                            return Size.small;
                        });
    }

    /** A wrong name is refused where the replica is placed. */
    static Size sizeOf(NewReplica replica, Size ofPrimary) {
        return Arrays.stream(Size.values())
                .filter(size -> replica.size().equals(Optional.of(size.name())))
                .findFirst()
                .orElse(ofPrimary);
    }

    /** As part of a change: the same rule. */
    static Optional<Durability> changed(Optional<String> durability) {
        Wish check = new Wish();
        Optional<Durability> wanted = durability.map(name -> check.durability(Optional.of(name)));
        if (!check.faults.isEmpty()) {
            throw Refused.fields(check.faults);
        }
        return wanted;
    }

    static Optional<IsolationPolicy> policy(Optional<String> wished) {
        Optional<IsolationPolicy> known =
                Arrays.stream(IsolationPolicy.values())
                        .filter(one -> wished.filter(one.name()::equals).isPresent())
                        .findFirst();
        if (wished.isPresent() && known.isEmpty()) {
            throw Refused.fields(
                    List.of(new FieldFault("isolationPolicy", "must be Fence or Serve")));
        }
        return known;
    }

    private Durability durability(Optional<String> wished) {
        String name = wished.orElse(Durability.strict.name());
        return Arrays.stream(Durability.values())
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseGet(
                        () -> {
                            fault("durability", "must be strict or preferred");
                            return Durability.strict;
                        });
    }

    private int major(Optional<String> wished, List<Placement.Candidate> hosts) {
        TreeSet<Integer> there =
                hosts.stream()
                        .flatMap(host -> host.postgresMajors().stream())
                        .collect(Collectors.toCollection(TreeSet::new));
        if (wished.isEmpty()) {
            return there.isEmpty() ? 0 : there.last();
        }
        String version = wished.get();
        Optional<Integer> found =
                there.stream().filter(major -> String.valueOf(major).equals(version)).findFirst();
        if (found.isEmpty()) {
            fault(
                    "postgresVersion",
                    "%s is installed on no host; there is %s".formatted(version, there));
        }
        return found.orElse(0);
    }

    private void place(String field, Optional<String> wished, List<String> there) {
        wished.filter(name -> !there.contains(name))
                .ifPresent(
                        name ->
                                fault(
                                        field,
                                        "no host is in %s; there is %s"
                                                .formatted(name, new TreeSet<>(there))));
    }

    private String identifier(String field, String name, Set<String> taken) {
        if (!IDENTIFIER.matcher(name).matches()) {
            fault(
                    field,
                    "must be lower-case letters, digits and underscores, not starting with a digit,"
                            + " at most 63");
        } else if (taken.contains(name) || name.startsWith("pg_") || name.startsWith("toygres_")) {
            fault(field, name + " is reserved");
        }
        return name;
    }

    private static void refuseWithoutRoom(
            NewInstance wish, List<Placement.Candidate> hosts, Size size, int major) {
        Placement.Need need =
                new Placement.Need(wish.region(), wish.availabilityZone(), major, size);
        if (Placement.choose(hosts, need) instanceof Placement.Choice.Nowhere(var reason)) {
            throw Refused.conflict("no-host-fits", reason);
        }
    }

    private static InstanceRow row(
            NewInstance wish,
            Size size,
            int major,
            String owner,
            String database,
            Durability durability) {
        return new InstanceRow(
                wish.id(),
                InstanceState.Creating,
                Health.Unknown,
                major,
                size,
                wish.region(),
                wish.availabilityZone(),
                owner,
                database,
                wish.deletionProtection(),
                1,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Instant.EPOCH,
                1,
                durability,
                Optional.empty(),
                List.of(),
                List.of(),
                false,
                Voting.NONE,
                true,
                false);
    }

    private void fault(String field, String message) {
        faults.add(new FieldFault(field, message));
    }
}
