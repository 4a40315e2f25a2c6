package dev.toygres.cli;

/** How results are printed; the names are what the user types. */
enum Format {
    table,
    json,
    yaml
}
