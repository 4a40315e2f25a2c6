/** Where everything lies, and files that survive a power cut. */
@NullMarked
package dev.toygres.agent.files;

import org.jspecify.annotations.NullMarked;
