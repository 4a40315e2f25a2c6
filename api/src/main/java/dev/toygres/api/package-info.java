/**
 * What travels between server and client: the records of the REST contract. Times are ISO-8601 in
 * UTC, sizes in bytes, durations ISO-8601.
 */
@NullMarked
package dev.toygres.api;

import org.jspecify.annotations.NullMarked;
