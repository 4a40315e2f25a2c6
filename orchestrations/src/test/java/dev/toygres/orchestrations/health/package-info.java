@org.jspecify.annotations.NullMarked
package dev.toygres.orchestrations.health;
