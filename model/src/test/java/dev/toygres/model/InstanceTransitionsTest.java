package dev.toygres.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class InstanceTransitionsTest {

    @Test
    void whatIsDeletedIsNeverAliveAgain() {
        assertThat(
                        Arrays.stream(InstanceEvent.values())
                                .map(
                                        event ->
                                                InstanceTransitions.next(
                                                        InstanceState.Deleting, event))
                                .flatMap(next -> next.stream())
                                .distinct())
                .as("P14: deleting only ever leads to deleting")
                .containsExactly(InstanceState.Deleting);
    }

    @Test
    void whatIsNotInTheTableDoesNotHappen() {
        assertThat(InstanceTransitions.next(InstanceState.Stopped, InstanceEvent.stopRequested))
                .isEmpty();
        assertThat(InstanceTransitions.next(InstanceState.Creating, InstanceEvent.restartRequested))
                .isEmpty();
    }

    @Test
    void namesTheStatesThatAllowAnEvent() {
        assertThat(InstanceTransitions.allowing(InstanceEvent.startRequested))
                .isEqualTo(List.of(InstanceState.Stopped, InstanceState.Failed));
    }

    /** Run with -Dtoygres.update=true after a change of the table. */
    @Test
    void theDiagramInTheDocsIsTheTable() throws IOException {
        Path docs = Path.of("..", "docs", "instance-states.md");
        String drawn =
                "# States of an instance\n\nDrawn from `InstanceTransitions`; a test holds the two"
                        + " together.\n\n```mermaid\n"
                        + InstanceTransitions.diagram()
                        + "```\n";
        if (Boolean.getBoolean("toygres.update")) {
            Files.writeString(docs, drawn);
        }
        assertThat(docs).hasContent(drawn);
    }
}
