package dev.toygres.durable;

import java.util.function.Function;

/** One of several parts that run side by side; its name is the scope of its steps. */
public record Branch<R>(String name, Function<Context, R> body) {}
