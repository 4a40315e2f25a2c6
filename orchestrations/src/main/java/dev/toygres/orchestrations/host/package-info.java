/** Hosts: how they join, what they have, where a member goes. */
@NullMarked
package dev.toygres.orchestrations.host;

import org.jspecify.annotations.NullMarked;
