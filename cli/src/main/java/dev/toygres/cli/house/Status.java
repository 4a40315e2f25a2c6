package dev.toygres.cli.house;

import java.util.List;
import java.util.Optional;

/**
 * What runs of an installation.
 *
 * @param up whether all of it does
 * @param server where to reach it
 */
public record Status(
        String home,
        boolean up,
        Optional<String> server,
        List<Part> servers,
        List<Part> hosts,
        Optional<Part> catalogue,
        List<Part> processes) {

    /**
     * One process.
     *
     * @param state Up, Starting or Down
     * @param pid when it runs
     */
    public record Part(String id, String state, Optional<Long> pid, Optional<String> address) {
        boolean isUp() {
            return state.equals("Up");
        }
    }
}
