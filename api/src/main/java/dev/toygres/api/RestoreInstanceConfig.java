package dev.toygres.api;

import java.util.Optional;

/**
 * What a new instance is to be like.
 *
 * @param size default: small
 * @param region where its host must be; default: anywhere
 * @param availabilityZone likewise
 */
public record RestoreInstanceConfig(
        Optional<String> size,
        Optional<String> region,
        Optional<String> availabilityZone,
        Optional<Boolean> deletionProtection) {}
