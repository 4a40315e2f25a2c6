package dev.toygres.orchestrations.instance;

import dev.toygres.orchestrations.parameter.NewParameters;
import dev.toygres.orchestrations.replica.NewReplica;
import java.util.List;
import java.util.Optional;

/** A wish for an instance, as it came in: nothing of it is checked yet. */
public record NewInstance(
        String id,
        Optional<String> postgresVersion,
        Optional<String> size,
        Optional<String> region,
        Optional<String> availabilityZone,
        Optional<String> owner,
        Optional<String> database,
        boolean deletionProtection,
        Optional<String> durability,
        List<NewReplica> replicas,
        Optional<NewParameters> parameters) {}
