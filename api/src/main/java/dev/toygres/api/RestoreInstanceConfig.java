package dev.toygres.api;

import java.util.Optional;

/**
 * What a new instance is to be like.
 *
 * @param postgresVersion of a Logical backup: its own (default) or a newer one; of others only its
 *     own
 * @param size default: small
 * @param region where its host must be; default: anywhere
 * @param availabilityZone likewise
 */
public record RestoreInstanceConfig(
        Optional<String> postgresVersion,
        Optional<String> size,
        Optional<String> region,
        Optional<String> availabilityZone,
        Optional<Boolean> deletionProtection) {}
