package dev.toygres.durable;

/** The durable name of a flow and the shape of what goes in and comes out. Names are for ever. */
public record FlowType<I, O>(String name, Class<I> input, Class<O> output) {}
