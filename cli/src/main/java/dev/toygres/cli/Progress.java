package dev.toygres.cli;

import dev.toygres.api.Operation;
import java.util.function.Consumer;

/**
 * Shows an operation as it goes on: one line rewritten on a terminal, else a line for each step.
 */
final class Progress implements Consumer<Operation>, AutoCloseable {
    private static final int BAR = 24;
    private static final String CLEAR = "\r\u001b[K";

    private final Surroundings around;
    private String last = "";
    private boolean open;

    Progress(Surroundings around) {
        this.around = around;
    }

    @Override
    public void accept(Operation operation) {
        if (around.terminal()) {
            rewrite(operation);
        } else {
            append(operation);
        }
        around.err().flush();
    }

    private void rewrite(Operation operation) {
        around.err().print(CLEAR + bar(operation.progress()) + " " + words(operation));
        open = true;
    }

    private void append(Operation operation) {
        String words = words(operation);
        if (!words.equals(last)) {
            around.err().println(words);
            last = words;
        }
    }

    static String bar(double progress) {
        int full = (int) Math.round(Math.clamp(progress, 0, 1) * BAR);
        return "[" + "#".repeat(full) + ".".repeat(BAR - full) + "]";
    }

    static String words(Operation operation) {
        var words = new StringBuilder(operation.type()).append(' ').append(operation.state());
        if (!operation.state().isFinal()) {
            operation.currentStep().ifPresent(step -> words.append(": ").append(step));
            operation.message().ifPresent(message -> words.append(" - ").append(message));
        }
        return words.toString();
    }

    @Override
    public void close() {
        if (open) {
            around.err().print(CLEAR);
            around.err().flush();
        }
    }
}
