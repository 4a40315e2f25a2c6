/**
 * An installation on this machine: its directory, its processes, and how they are started and
 * stopped. The processes of two homes never meet, and nothing is ever killed by name.
 */
@NullMarked
package dev.toygres.cli.house;

import org.jspecify.annotations.NullMarked;
