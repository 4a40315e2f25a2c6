package dev.toygres.api;

import java.util.Optional;

/**
 * Where backups go. One instance has a place for itself alone.
 *
 * @param kind Local, S3 or AzureBlob
 * @param path of a Local: a directory that every host sees under the same path
 * @param bucket of S3; it must exist
 * @param region of S3
 * @param endpoint of S3: the host, with a port where it is not 443; default: AWS
 * @param prefix within bucket or container; default: the instance's id
 * @param credentialsRef of S3: the name of a secret with key id and key, a colon between them
 * @param container of AzureBlob; it must exist
 * @param connectionStringRef of AzureBlob: the name of a secret with the connection string
 * @param caCertificate PEM of who vouches for the endpoint; default: whom the hosts trust
 */
public record BackupStorage(
        String kind,
        Optional<String> path,
        Optional<String> bucket,
        Optional<String> region,
        Optional<String> endpoint,
        Optional<String> prefix,
        Optional<String> credentialsRef,
        Optional<String> container,
        Optional<String> connectionStringRef,
        Optional<String> caCertificate) {}
